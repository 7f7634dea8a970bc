import Faults
import Notation
import Registry

/// Rules and the catalogue as the API shows them.
extension JSONValue {
    /// A rule in force: as it was written, and what became of it.
    static func rule(_ state: RuleState) -> JSONValue {
        guard case .object(let members) = state.rule.value else { return .null }
        return .object(
            members + [
                Member("stage", .string(state.rule.stage.rawValue)),
                Member("matched", .integer(state.matched)),
                Member("acted", .integer(state.acted)),
                Member("missed", misses(of: state)),
                Member("retired", .flag(state.isRetired)),
                Member("expires", state.expires.flatMap { RFC3339.text($0) }.map { .string($0) } ?? .null),
                Member("notes", .array(state.notes.map { .string($0) })),
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
        .object(state.missed.sorted { $0.key < $1.key }.map { Member($0.key, .integer($0.value)) })
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
