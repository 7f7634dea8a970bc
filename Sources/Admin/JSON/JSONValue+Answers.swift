import Documents
import Faults
import Lab
import Notation
import Registry
import SoftToken

extension JSONValue {
    /// What it is, for a message to whoever sent it.
    var kind: String {
        switch self {
        case .null: "null"
        case .flag: "a truth value"
        case .integer, .number: "a number"
        case .string: "a text"
        case .array: "a list"
        case .object, .written: "an object"
        }
    }

    /// How many of each a registry has.
    static func counts(_ counts: RegistryCounts) -> JSONValue {
        ["devices": .integer(counts.devices), "licenses": .integer(counts.licenses), "tokens": .integer(counts.tokens)]
    }

    /// An object with the fields that a registry document gives a thing.
    static func document(_ fields: [Member]) -> JSONValue { .written(DocumentEntry.json(fields)) }
}

/// Rules and the catalogue as the API shows them.
extension JSONValue {
    /// A rule in force: as it was written, and what became of it.
    static func rule(_ state: RuleState) -> JSONValue {
        let told: JSONValue = [
            "stage": .string(state.rule.stage.rawValue), "matched": .integer(state.matched),
            "acted": .integer(state.acted), "missed": misses(of: state), "retired": .flag(state.isRetired),
            "expires": .init(orNull: state.expires.flatMap { RFC3339.text($0) }), "notes": .texts(state.notes),
        ]
        return .object(state.rule.value.members + told.members)
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
    static func effect(_ entry: Effect) -> JSONValue {
        [
            "name": .string(entry.name),
            "stages": .texts(entry.stages.map(\.rawValue)),
            "ends": .flag(entry.ends),
            "summary": .string(entry.summary),
            "parameters": .array(entry.parameters.map(parameter)),
            "observed": .array(
                entry.observed.map {
                    ["client": .string($0.client), "version": .init(orNull: $0.version), "report": .string($0.report)]
                }
            ),
            "expected": .string(entry.expected),
        ]
    }

    private static func parameter(_ parameter: Parameter) -> JSONValue {
        [
            "name": .string(parameter.name),
            "type": .string(parameter.kind.typeName),
            "unit": .init(orNull: parameter.kind.unit),
            "range": .init(orNull: parameter.kind.range),
            "default": .init(orNull: parameter.standard),
            "required": .flag(parameter.standard == nil),
            "summary": .string(parameter.summary),
        ]
    }
}

/// Scenarios as the API shows them.
extension JSONValue {
    /// A scenario in a list.
    static func summary(of scenario: Scenario, isRunning: Bool) -> JSONValue {
        .object(head(of: scenario, isRunning) + [.init("see", .texts(scenario.sights.map(\.what)))])
    }

    /// A scenario in full; `command` makes the command that sends a request.
    static func scenario(_ scenario: Scenario, isRunning: Bool, command: (ScenarioSight) -> String?) -> JSONValue {
        var members = head(of: scenario, isRunning)
        members["see"] = .array(scenario.sights.map { sight($0, command($0)) })
        members["registry"] = scenario.registry.map { JSONValue($0) }
        if let clock = scenario.clock {
            var value: [Member] = []
            value["mode"] = clock.mode.map { .string($0.rawValue) }
            value["now"] = clock.now.flatMap { RFC3339.text($0) }.map { .string($0) }
            members["clock"] = .object(value)
        }
        members["steps"] = .array(scenario.steps.map { step($0) })
        members["faults"] = .array(scenario.rules.map(\.value))
        return .object(members)
    }

    private static func head(of scenario: Scenario, _ isRunning: Bool) -> [Member] {
        let head: JSONValue = [
            "name": .string(scenario.name), "title": .string(scenario.title), "symptom": .string(scenario.symptom),
            "published": .string(scenario.published), "running": .flag(isRunning),
        ]
        return head.members
    }

    private static func sight(_ sight: ScenarioSight, _ command: String?) -> JSONValue {
        var members: [Member] = [
            .init("what", .string(sight.what)), .init("times", .integer(sight.times)),
            .init("command", .init(orNull: command)),
        ]
        switch sight.outcome {
        case .answer(let status, let parts):
            members["status"] = .integer(status)
            members["answer"] = .texts(parts)
        case .failure(let exit): members["curl"] = .integer(exit)
        }
        members["journal"] = .object(sight.journal.map { Member($0.key, .string($0.value)) })
        return .object(members)
    }

    /// A step, as it is written.
    private static func step(_ step: ScenarioStep) -> JSONValue {
        switch step {
        case .transfer(let number, let unit, let grace):
            [
                "transfer": [
                    "license": .string("\(number)"), "to": .string("\(unit)"), "graceSeconds": .init(orNull: grace),
                ]
            ]
        case .replace(let unit, let other):
            ["replace": ["device": .string("\(unit)"), "with": .string("\(other)")]]
        case .expire(let token): ["expire": .string("\(token)")]
        }
    }
}
