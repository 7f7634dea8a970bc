import Faults
import HTTP
import Lab
import Notation
import Registry
import Server

/// Scenarios: listed, shown, started, stopped.
enum ScenarioRoutes {
    static func list(_ call: AdminCall) async throws -> AdminAnswer {
        let running = try call.lab().runningScenario()
        return try call.page(call.installation.scenarios, by: \.name) { scenario in
            .summary(of: scenario, isRunning: scenario.name == running)
        }
    }

    static func show(_ call: AdminCall) async throws -> AdminAnswer {
        .json(try await resource(try scenario(call), try call.lab(), call))
    }

    static func start(_ call: AdminCall) async throws -> AdminAnswer {
        try await call.alone { lab in
            let scenario = try scenario(call)
            let others = lab.faults.rules.filter { !$0.isRetired }.map(\.rule.name)
            try await ScenarioStage(installation: call.installation, lab: lab).start(scenario)
            var answer = try await resource(scenario, lab, call).members
            // Who looks for the symptom has to know what else may change it.
            answer["otherRules"] = .texts(others)
            return .json(.object(answer))
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
            let near = NearNames.find(name, among: all.map(\.name))
            let detail = "no scenario \(quoted(name)) in \(call.installation.scenarioPlace)"
            throw Problem.notFound(detail, suggestions: near)
        }
        return scenario
    }

    private static func resource(_ scenario: Scenario, _ lab: Lab, _ call: AdminCall) async throws -> JSONValue {
        let installation = call.installation
        let listeners = await installation.plane.listeners
        let own = listeners.first { $0.lab == lab.name }
        let isRunning = try lab.runningScenario() == scenario.name
        let (named, folder) = (own == nil ? lab.name : nil, installation.certificateFolder)
        return .scenario(scenario, isRunning: isRunning) { sight in
            (own ?? listeners.first).map { sight.command(at: "\($0.address)", lab: named, certificates: folder) }
        }
    }
}

extension RouteTable {
    static let scenarios: [Route] = [
        Route("GET", "", "listScenarios", ScenarioRoutes.list)
            .does("List the ready-made worlds by name, and which of them runs in the lab.")
            .asks([.limit, .cursor()]).givesPage(of: "ScenarioSummary"),
        Route("GET", "/{name}", "getScenario", ScenarioRoutes.show)
            .does("Show a scenario in full, with the commands that show it.").gives("Scenario"),
        Route("POST", "/{name}/start", "startScenario", ScenarioRoutes.start)
            .does("Keep the lab as it is, and make it the scenario's world, whole or not at all.")
            .gives("Scenario").refuses(.conflict),
        Route("POST", "/{name}/stop", "stopScenario", ScenarioRoutes.stop)
            .does("Put the lab's registry and clock back as before the start; the scenario's rules go, others stay.")
            .gives("Lab").refuses(.conflict),
    ]
}

/// Where a lab's scenarios are set up and taken down: one at a time, each whole or not at all.
///
/// Whoever calls has the lab alone (`AdminCall.alone`).
struct ScenarioStage {
    let installation: Installation
    let lab: Lab

    private var folder: LabFolder { installation.folder }

    /// Keeps the lab as it is, and makes it the scenario's world: rows, clock, operations, rules, in this order.
    ///
    /// Throws a ``Problem`` where a scenario runs already or the lab can't be made so; then it is as before.
    func start(_ scenario: Scenario) async throws {
        if let running = try lab.runningScenario() {
            throw Problem.conflict(
                running == scenario.name
                    ? "the scenario \(running) runs already"
                    : "the scenario \(running) runs in this lab; stop it first, since each puts the whole lab back"
            )
        }
        let rules = lab.faults.rules
        if let taken = scenario.rules.first(where: { rule in rules.contains { $0.rule.name == rule.name } }) {
            throw Problem.conflict("a rule is called \(taken.name) already")
        }
        guard rules.count + scenario.rules.count <= RuleBook.limit else {
            let count = Wording.count(rules.count, "rule")
            throw Problem.conflict("the lab has \(count) already, and may have \(RuleBook.limit)")
        }
        try await folder.beginScenario(scenario.name, in: lab)
        do {
            try await setUp(scenario)
        } catch {
            // What keeps the lab from being put back now is there for `stop` to say.
            try? await putBack(without: scenario)
            throw error
        }
    }

    /// Puts the lab back to what it was before the scenario: registry and clock; its rules go, and others stay.
    ///
    /// `scenario` is nil for one whose file is gone since; its rules are gone with the server that had read it.
    func stop(_ name: String, _ scenario: Scenario?) async throws {
        guard try lab.runningScenario() == name else {
            throw Problem.conflict("the scenario \(name) does not run in this lab")
        }
        try await putBack(without: scenario)
    }

    /// Puts the rules of the scenario that runs in the lab back into force, which a restart took away; their counters
    /// begin anew.
    ///
    /// Throws a ``RuleDefect`` where one of them can't act any more; those before it stay.
    func resume() async throws {
        let name = try lab.runningScenario()
        guard let scenario = installation.scenarios.first(where: { $0.name == name }) else { return }
        for rule in scenario.rules { _ = try await installation.faults.add(rule, to: lab, isKept: false) }
    }

    private func setUp(_ scenario: Scenario) async throws {
        if let draft = scenario.draft,
            case .refused(let error) = try await lab.store.merge(draft, lab.chance, facts: [:])
        {
            throw Problem.conflict("the lab can't take the scenario's rows: \(error)")
        }
        if let clock = scenario.clock {
            let mode = clock.mode ?? lab.clock.setting.mode
            let setting = lab.clock.setting(mode, showing: clock.now ?? lab.clock.now)
            try await lab.setClock(to: setting, certificates: lab.clock.certificates)
            await installation.followClock(of: lab)
        }
        for step in scenario.steps {
            let outcome = try await lab.store.perform(step.operation, lab.ruleContext())
            if case .refused(let refusal) = outcome {
                throw Problem.conflict("a step of the scenario is refused: \(refusal)")
            }
        }
        for rule in scenario.rules {
            do throws(RuleDefect) {
                _ = try await installation.faults.add(rule, to: lab, isKept: false)
            } catch {
                throw Problem.conflict("the rule \(rule.name) can't act in this lab: \(error)")
            }
        }
    }

    private func putBack(without scenario: Scenario?) async throws {
        try await Problem.restoring { try await folder.endScenario(in: lab) }
        for rule in scenario?.rules ?? [] { _ = await installation.faults.remove(rule.name, from: lab) }
        await installation.followClock(of: lab)
    }
}
