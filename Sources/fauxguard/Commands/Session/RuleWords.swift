import ArgumentParser
import Faults

/// A rule's `do`, `when` and `with` as a command line gives them: `key=value`, typed by the catalogue.
struct RuleWords {
    private let effect: String
    private let conditions: [FaultValue.Member]
    private let arguments: [FaultValue.Member]

    /// Reads them; throws a `ValidationError` for what is no `key=value`.
    init(effect: String, conditions: [String], arguments: [String]) throws {
        self.effect = effect
        self.conditions = try conditions.map { text in
            let (key, value) = try Self.pair(text, "key=value")
            return .init(key, .text(value))
        }
        let parameters = Catalogue.effect(effect)?.entry.parameters ?? []
        self.arguments = try arguments.reduce(into: []) { members, text in
            let (name, value) = try Self.pair(text, "parameter=value")
            let kind = parameters.first { $0.name == name }?.kind
            Self.join(.init(name, try Self.value(value, kind)), to: &members)
        }
    }

    /// The members of the rule.
    var members: [FaultValue.Member] {
        var members = [FaultValue.Member("do", .text(effect))]
        if !conditions.isEmpty { members.append(.init("when", .map(conditions))) }
        if !arguments.isEmpty { members.append(.init("with", .map(arguments))) }
        return members
    }

    private static func pair(_ text: String, _ form: String) throws -> (String, String) {
        let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard sides.count == 2, !sides[0].isEmpty, !sides[1].isEmpty else {
            throw ValidationError("\"\(text)\" is no \(form)")
        }
        return (sides[0], sides[1])
    }

    /// The value that a parameter of this kind takes; what cannot be read as one stays a text, which the rule refuses.
    private static func value(_ text: String, _ kind: Parameter.Kind?) throws -> FaultValue {
        switch kind {
        case .integer?, .number?: return Double(text).map { .number($0) } ?? .text(text)
        case .names?: return .list(text.split(separator: ",").map { .text(String($0)) })
        case .texts?:
            let sides = text.split(separator: ":", maxSplits: 1).map(String.init)
            guard sides.count == 2 else { throw ValidationError("\"\(text)\" is no NAME:VALUE") }
            return .map([.init(sides[0], .text(String(sides[1].drop { $0 == " " })))])
        case .duration?, .text?, .choice?, nil: return .text(text)
        }
    }

    /// Adds an argument; lists and headers may come in several.
    private static func join(_ member: FaultValue.Member, to members: inout [FaultValue.Member]) {
        let index = members.firstIndex { $0.name == member.name }
        switch (index.map { members[$0].value }, member.value) {
        case (.list(let before)?, .list(let more)):
            members[index ?? 0] = .init(member.name, .list(before + more))
        case (.map(let before)?, .map(let more)):
            members[index ?? 0] = .init(member.name, .map(before + more))
        default: members.append(member)
        }
    }
}

extension JSONValue {
    /// A value of a rule.
    init(_ value: FaultValue) {
        switch value {
        case .null: self = .null
        case .flag(let flag): self = .bool(flag)
        case .number(let number): self = Int64(exactly: number).map { .integer($0) } ?? .number(number)
        case .text(let text): self = .text(text)
        case .list(let values): self = .list(values.map { JSONValue($0) })
        case .map(let members): self = .object(Dictionary(members.map { ($0.name, JSONValue($0.value)) }) { $1 })
        }
    }
}
