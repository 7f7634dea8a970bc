import Faults
import Notation
import Registry

/// Rules and the catalogue as the API shows them.
extension JSONValue {
    /// A value of a rule.
    init(_ value: FaultValue) {
        switch value {
        case .null: self = .null
        case .flag(let flag): self = .flag(flag)
        case .number(let number): self = Int(exactly: number).map { .integer($0) } ?? .number(number)
        case .text(let text): self = .string(text)
        case .list(let values): self = .array(values.map { JSONValue($0) })
        case .map(let members): self = .object(members.map { Member(name: $0.name, value: JSONValue($0.value)) })
        }
    }

    /// A rule in force: as it was written, and what became of it.
    static func rule(_ state: RuleState) -> JSONValue {
        guard case .object(let members) = JSONValue(state.rule.value) else { return .null }
        return .object(
            members + [
                Member(name: "stage", value: .string(state.rule.stage.rawValue)),
                Member(name: "matched", value: .integer(state.matched)),
                Member(name: "acted", value: .integer(state.acted)),
                Member(name: "missed", value: misses(of: state)),
                Member(name: "retired", value: .flag(state.isRetired)),
                Member(name: "expires", value: state.expires.flatMap { RFC3339.text($0) }.map { .string($0) } ?? .null),
                Member(name: "notes", value: .array(state.notes.map { .string($0) })),
            ]
        )
    }

    /// What became of a rule, for whoever waits for its effect in vain.
    static func report(_ state: RuleState) -> JSONValue {
        [
            "name": .string(state.rule.name), "matched": .integer(state.matched), "acted": .integer(state.acted),
            "missed": misses(of: state),
        ]
    }

    private static func misses(of state: RuleState) -> JSONValue {
        .object(state.missed.sorted { $0.key < $1.key }.map { Member(name: $0.key, value: .integer($0.value)) })
    }

    /// An effect as the catalogue has it.
    static func effect(_ entry: EffectEntry) -> JSONValue {
        [
            "name": .string(entry.name),
            "stages": .array(entry.stages.map { .string($0.rawValue) }),
            "ends": .flag(entry.ends),
            "summary": .string(entry.summary),
            "parameters": .array(entry.parameters.map(parameter)),
            "observed": .array(
                entry.observed.map { observation in
                    [
                        "client": .string(observation.client),
                        "version": observation.version.map { .string($0) } ?? .null,
                        "report": .string(observation.report),
                    ]
                }
            ),
            "expected": .string(entry.expected),
        ]
    }

    private static func parameter(_ parameter: Parameter) -> JSONValue {
        func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
        return [
            "name": .string(parameter.name),
            "type": .string(parameter.kind.typeName),
            "unit": text(parameter.kind.unit),
            "range": text(parameter.kind.range),
            "default": text(parameter.standard),
            "required": .flag(parameter.standard == nil),
            "summary": .string(parameter.summary),
        ]
    }
}
