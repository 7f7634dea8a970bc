import Faults
import HTTP
import Lab
import Notation
import Registry
import Server

/// Scenarios: listed, shown, started, stopped.
enum ScenarioRoutes {
    static func list(_ call: AdminCall) async throws -> AdminAnswer {
        let limit = try call.limit()
        let running = try call.lab().runningScenario()
        let rest = call.installation.scenarios.filter { one in call.query["cursor"].map { one.name > $0 } ?? true }
        let page = rest.prefix(limit)
        let items = page.map { JSONValue.summary(of: $0, isRunning: $0.name == running) }
        return .json(.page(items, next: rest.count > limit ? page.last?.name : nil))
    }

    static func show(_ call: AdminCall) async throws -> AdminAnswer {
        .json(try await resource(try scenario(call), try call.lab(), call))
    }

    static func start(_ call: AdminCall) async throws -> AdminAnswer {
        try await call.alone { lab in
            let scenario = try scenario(call)
            let others = lab.faults.rules.filter { !$0.isRetired }.map(\.rule.name)
            try await ScenarioStage(installation: call.installation, lab: lab).start(scenario)
            var answer = try await resource(scenario, lab, call)
            // Who looks for the symptom has to know what else may change it.
            if case .object(let members) = answer {
                answer = .object(members + [.init("otherRules", .array(others.map { .string($0) }))])
            }
            return .json(answer)
        }
    }

    static func stop(_ call: AdminCall) async throws -> AdminAnswer {
        try await call.alone { lab in
            let name = call.name("name")
            let known = call.installation.scenarios.first { $0.name == name }
            // One that runs since before a restart may have lost its file.
            if known == nil, try lab.runningScenario() != name { _ = try scenario(call) }
            try await ScenarioStage(installation: call.installation, lab: lab).stop(name, known)
            return .json(try await LabRoutes.resource(lab, call))
        }
    }

    private static func scenario(_ call: AdminCall) throws -> Scenario {
        let (name, all) = (call.name("name"), call.installation.scenarios)
        guard let scenario = all.first(where: { $0.name == name }) else {
            throw Problem.notFound(
                "no scenario \(quoted(name)) in \(call.installation.scenarioPlace)",
                suggestions: NearNames.find(name, among: all.map(\.name))
            )
        }
        return scenario
    }

    private static func resource(_ scenario: Scenario, _ lab: Lab, _ call: AdminCall) async throws -> JSONValue {
        let installation = call.installation
        let listeners = await installation.plane.listeners
        let own = listeners.first { $0.lab == lab.name }
        let isRunning = try lab.runningScenario() == scenario.name
        return .scenario(scenario, isRunning: isRunning) { sight in
            (own ?? listeners.first)
                .map { listener in
                    sight.command(
                        at: "\(listener.address)",
                        lab: own == nil ? lab.name : nil,
                        certificates: installation.certificateFolder
                    )
                }
        }
    }
}

extension RouteTable {
    private static let path = "/api/v1/labs/{lab}/scenarios"

    static let scenarios: [Route] = [
        Route(
            "GET",
            path,
            Operation(
                id: "listScenarios",
                tag: "scenarios",
                summary: "List the ready-made worlds by name, and which of them runs in the lab.",
                query: [.limit, .cursor],
                answers: [.page(of: "ScenarioSummary")],
                problems: [.notFound, .unprocessableContent]
            ),
            ScenarioRoutes.list
        ),
        Route(
            "GET",
            path + "/{name}",
            Operation(
                id: "getScenario",
                tag: "scenarios",
                summary: "Show a scenario in full, with the commands that show it.",
                answers: [.ok("Scenario")],
                problems: [.notFound]
            ),
            ScenarioRoutes.show
        ),
        Route(
            "POST",
            path + "/{name}/start",
            Operation(
                id: "startScenario",
                tag: "scenarios",
                summary: "Keep the lab as it is, and make it the scenario's world, whole or not at all.",
                answers: [.ok("Scenario")],
                problems: [.notFound, .conflict]
            ),
            ScenarioRoutes.start
        ),
        Route(
            "POST",
            path + "/{name}/stop",
            Operation(
                id: "stopScenario",
                tag: "scenarios",
                summary:
                    "Put the lab's registry and clock back as before the start; the scenario's rules go, others stay.",
                answers: [.ok("Lab")],
                problems: [.notFound, .conflict]
            ),
            ScenarioRoutes.stop
        ),
    ]
}
