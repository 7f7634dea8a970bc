import Faults
import Lab
import Notation
import Registry

/// Scenarios as the API shows them.
extension JSONValue {
    /// A scenario in a list.
    static func summary(of scenario: Scenario, isRunning: Bool) -> JSONValue {
        .object(head(of: scenario, isRunning) + [.init(name: "see", value: .texts(scenario.sights.map(\.what)))])
    }

    /// A scenario in full; `command` makes the command that sends a request.
    static func scenario(
        _ scenario: Scenario,
        isRunning: Bool,
        command: (ScenarioSight) -> String?
    ) -> JSONValue {
        var members = head(of: scenario, isRunning)
        members.append(.init(name: "see", value: .array(scenario.sights.map { sight($0, command($0)) })))
        if let registry = scenario.registry {
            members.append(.init(name: "registry", value: JSONValue(FaultValue(registry))))
        }
        if let clock = scenario.clock {
            var value: [Member] = []
            if let mode = clock.mode { value.append(.init(name: "mode", value: .string(mode.rawValue))) }
            if let now = clock.now.flatMap({ RFC3339.text($0) }) {
                value.append(.init(name: "now", value: .string(now)))
            }
            members.append(.init(name: "clock", value: .object(value)))
        }
        members.append(.init(name: "steps", value: .array(scenario.steps.map(\.json))))
        members.append(.init(name: "faults", value: .array(scenario.rules.map { JSONValue($0.value) })))
        return .object(members)
    }

    private static func head(of scenario: Scenario, _ isRunning: Bool) -> [Member] {
        [
            .init(name: "name", value: .string(scenario.name)), .init(name: "title", value: .string(scenario.title)),
            .init(name: "symptom", value: .string(scenario.symptom)),
            .init(name: "published", value: .string(scenario.published)),
            .init(name: "running", value: .flag(isRunning)),
        ]
    }

    private static func sight(_ sight: ScenarioSight, _ command: String?) -> JSONValue {
        var members: [Member] = [
            .init(name: "what", value: .string(sight.what)), .init(name: "times", value: .integer(sight.times)),
            .init(name: "command", value: command.map { .string($0) } ?? .null),
        ]
        switch sight.outcome {
        case .answer(let status, let parts):
            members.append(.init(name: "status", value: .integer(status)))
            members.append(.init(name: "answer", value: .texts(parts)))
        case .failure(let exit): members.append(.init(name: "curl", value: .integer(exit)))
        }
        let journal = sight.journal.map { Member(name: $0.key, value: .string($0.value)) }
        members.append(.init(name: "journal", value: .object(journal)))
        return .object(members)
    }

    private static func texts(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }
}
