import Documents
import Faults
import Lab
import Notation
import Registry
import SoftToken

/// Scenarios as the API shows them.
extension JSONValue {
    /// A scenario in a list.
    static func summary(of scenario: Scenario, isRunning: Bool) -> JSONValue {
        .object(head(of: scenario, isRunning) + [.init("see", .texts(scenario.sights.map(\.what)))])
    }

    /// A scenario in full; `command` makes the command that sends a request.
    static func scenario(
        _ scenario: Scenario,
        isRunning: Bool,
        command: (ScenarioSight) -> String?
    ) -> JSONValue {
        var members = head(of: scenario, isRunning)
        members.append(.init("see", .array(scenario.sights.map { sight($0, command($0)) })))
        if let registry = scenario.registry {
            members.append(.init("registry", JSONValue(registry)))
        }
        if let clock = scenario.clock {
            var value: [Member] = []
            if let mode = clock.mode { value.append(.init("mode", .string(mode.rawValue))) }
            if let now = clock.now.flatMap({ RFC3339.text($0) }) {
                value.append(.init("now", .string(now)))
            }
            members.append(.init("clock", .object(value)))
        }
        members.append(.init("steps", .array(scenario.steps.map { step($0) })))
        members.append(.init("faults", .array(scenario.rules.map(\.value))))
        return .object(members)
    }

    private static func head(of scenario: Scenario, _ isRunning: Bool) -> [Member] {
        [
            .init("name", .string(scenario.name)), .init("title", .string(scenario.title)),
            .init("symptom", .string(scenario.symptom)),
            .init("published", .string(scenario.published)),
            .init("running", .flag(isRunning)),
        ]
    }

    private static func sight(_ sight: ScenarioSight, _ command: String?) -> JSONValue {
        var members: [Member] = [
            .init("what", .string(sight.what)), .init("times", .integer(sight.times)),
            .init("command", command.map { .string($0) } ?? .null),
        ]
        switch sight.outcome {
        case .answer(let status, let parts):
            members.append(.init("status", .integer(status)))
            members.append(.init("answer", .texts(parts)))
        case .failure(let exit): members.append(.init("curl", .integer(exit)))
        }
        let journal = sight.journal.map { Member($0.key, .string($0.value)) }
        members.append(.init("journal", .object(journal)))
        return .object(members)
    }

    /// A step, as it is written.
    private static func step(_ step: ScenarioStep) -> JSONValue {
        switch step {
        case .transfer(let number, let unit, let grace):
            [
                "transfer": [
                    "license": .string("\(number)"), "to": .string("\(unit)"), "graceSeconds": .integer(Int(grace)),
                ]
            ]
        case .replace(let unit, let other):
            ["replace": ["device": .string("\(unit)"), "with": .string("\(other)")]]
        case .expire(let token): ["expire": .string("\(token)")]
        }
    }

    private static func texts(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }
}
