package import Faults
import Notation

/// What may have been meant by a name in a rule that nothing has.
package enum RuleSuggestions {
    /// Up to three names, the nearest first: effects, parameters of the rule's effect, or keys of `when`.
    package static func find(for defect: RuleDefect, in rule: FaultValue) -> [String] {
        guard case .map(let members) = rule else { return [] }
        let steps = defect.path.split(separator: ".", maxSplits: 1).map(String.init)
        let effect = members.first { $0.name == "do" }
            .flatMap { if case .text(let name) = $0.value { name } else { nil } }
        switch (steps.first, steps.dropFirst().first) {
        case ("do", nil):
            guard let effect, Catalogue.effect(effect) == nil else { return [] }
            return NearNames.find(effect, among: Catalogue.entries.map(\.name))
        case ("with", let name?):
            let known = effect.flatMap { Catalogue.effect($0)?.entry.parameters.map(\.name) } ?? []
            return known.contains(name) ? [] : NearNames.find(name, among: known)
        case ("when", let name?):
            return RuleKey(rawValue: name) == nil ? NearNames.find(name, among: RuleKey.allCases.map(\.rawValue)) : []
        default: return []
        }
    }
}
