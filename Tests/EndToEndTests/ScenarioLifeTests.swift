import Foundation
import TestKit
import Testing

/// A scenario's life in a lab: one at a time, whole or not at all, and what ends it.
@Suite("A scenario's life", .timeLimit(.minutes(2)))
struct ScenarioLifeTests {
    @Test func `one runs at a time, and only what runs can be stopped`() async throws {
        try await ScenarioWorld.run { world, _ in
            let idle = try await world.ask("stop", "unreachable")
            #expect(idle.status == 409, "\(idle.text)")
            #expect(try await world.ask("start", "expired-license").status == 200)
            let again = try await world.ask("start", "expired-license")
            #expect(again.status == 409)
            #expect(again.string("detail") == "the scenario expired-license runs already")
            let other = try await world.ask("start", "dpi-in-path")
            #expect(other.status == 409)
            #expect(other.string("detail")?.hasPrefix("the scenario expired-license runs in this lab; ") == true)
            #expect(try await world.ask("stop", "dpi-in-path").status == 409)
            #expect(try await world.running() == "expired-license")
            for verb in ["start", "stop"] {
                let unknown = try await world.ask(verb, "dpi-in-pat")
                #expect(unknown.status == 404)
                #expect(unknown.strings("suggestions") == ["dpi-in-path"])
            }
            #expect(try await world.ask("stop", "expired-license").status == 200)
        }
    }

    @Test func `rules of others stay, and a name that one has is no scenario's`() async throws {
        try await ScenarioWorld.run { world, _ in
            let faults = world.path + "/faults"
            let mine = #"{"name":"dpi-in-path.mine","do":"http.delay","with":{"latency":"1ms"}}"#
            #expect(try await world.admin.post(faults, mine).status == 201)
            #expect(try await world.ask("start", "dpi-in-path").status == 200)
            #expect(try await world.rules() == ["dpi-in-path.mine", "dpi-in-path.inspection"])
            #expect(try await world.ask("stop", "dpi-in-path").status == 200)
            #expect(try await world.rules() == ["dpi-in-path.mine"])

            let before = try await world.state()
            let taken = #"{"name":"unreachable.refused","do":"http.delay","with":{"latency":"1ms"}}"#
            #expect(try await world.admin.post(faults, taken).status == 201)
            let refused = try await world.ask("start", "unreachable")
            #expect(refused.status == 409 && refused.string("detail")?.contains("unreachable.refused") == true)
            #expect(try await world.state() == before)
            #expect(try await world.running() == nil)
        }
    }

    @Test func `a lab that can't take the rows, or the rules, is left as it was`() async throws {
        try await ScenarioWorld.run { world, _ in
            let document = """
                devices: [{ serial: FGT60FTK20000001, registered: true }]
                licenses: [{ number: EFTM000000000777, code: 0777-0000-0000-0000-0777, size: 1 }]
                tokens: [{ serial: FTKMOB0000000930, license: EFTM000000000777 }]
                """
            let merged = try await world.admin.call(
                "POST",
                world.path + "/registry",
                document,
                type: "application/yaml"
            )
            #expect(merged.status == 200, "\(merged.text)")
            let before = try await world.state()
            let refused = try await world.ask("start", "flapping-service")
            #expect(refused.status == 409, "\(refused.text)")
            #expect(refused.string("detail")?.contains("FTKMOB0000000930") == true)
            #expect(try await world.state() == before)
            #expect(try await world.rules().isEmpty)
            #expect(try await world.running() == nil)

            // The rows are merged by the time that the rule turns out to have no listener.
            let made = try await world.admin.post("/api/v1/labs", #"{"name":"deaf"}"#)
            #expect(made.status == 201)
            let deaf = ScenarioWorld(admin: world.admin, lab: "deaf")
            let empty = try await deaf.state()
            let unheard = try await deaf.ask("start", "dpi-in-path")
            #expect(unheard.status == 409, "\(unheard.text)")
            #expect(unheard.string("detail")?.contains("the lab deaf has no listener") == true)
            #expect(try await deaf.state() == empty)
            #expect(try await deaf.running() == nil)

            // What needs no listener of its own is reached through another's, and its command says so.
            let started = try await deaf.ask("start", "second-phone")
            let command = try #require(started.string("see.1.command"))
            #expect(command.contains("'X-FauxGuard-Lab: deaf'"))
            _ = try await deaf.send(try #require(started.string("see.0.command")))
            #expect(try await deaf.send(command).body.contains("\"error_code\":40"))
        }
    }

    @Test func `a reset ends it, and so does the lab's end`() async throws {
        try await ScenarioWorld.run(inEmptyLab: true) { world, _ in
            let before = try await world.state()
            #expect(try await world.ask("start", "license-transferred").status == 200)
            #expect(try await world.admin.get(world.path + "/clock").string("mode") == "frozen")
            #expect(try await world.admin.post(world.path + "/reset").status == 200)
            #expect(try await world.running() == nil)
            #expect(try await world.state() == before)
            #expect(try await world.ask("stop", "license-transferred").status == 409)

            #expect(try await world.ask("start", "unreachable").status == 200)
            #expect(try await world.admin.call("DELETE", world.path).status == 204)
            #expect(try await world.admin.post("/api/v1/labs", #"{"name":"empty"}"#).status == 201)
            #expect(try await world.running() == nil)
        }
    }

    /// It had said that it runs, without its rules.
    @Test func `a restart leaves a scenario as it was, and the lab can still be put back`() async throws {
        let folder = try TemporaryFolder()
        let data = folder.path(of: "data")
        var before = ""
        try await ScenarioWorld.run(data: data) { world, _ in
            before = try await world.state()
            #expect(try await world.ask("start", "flapping-service").status == 200)
            #expect(try await world.rules().count == 2)
        }
        try await ScenarioWorld.run(data: data) { world, _ in
            let running = try await world.running()
            #expect(running == "flapping-service")
            #expect(try await world.rules().count == 2)
            #expect(try await world.state() != before)
            #expect(try await world.ask("stop", "flapping-service").status == 200)
            #expect(try await world.rules().isEmpty)
            #expect(try await world.state() == before)
        }
        try await ScenarioWorld.run(data: data) { world, _ in
            let started = try await world.ask("start", "flapping-service")
            #expect(started.status == 200)
        }
        // One whose file is gone since can be stopped all the same.
        let none = try TemporaryFolder()
        let environment = ["FAUXGUARD_SCENARIOS": none.path]
        try await ServerProcess.serve(data: data, environment: environment) { server in
            let world = ScenarioWorld(admin: AdminPlane(server), lab: "default")
            let unknown = try await world.ask("start", "flapping-service")
            #expect(unknown.status == 404)
            #expect(try await world.ask("stop", "flapping-service").status == 200)
            #expect(try await world.state() == before)
            #expect(try await world.ask("stop", "flapping-service").status == 404)
        }
    }

    @Test func `snapshots neither end it nor begin it`() async throws {
        try await ScenarioWorld.run { world, _ in
            let snapshots = world.path + "/snapshots"
            let before = try await world.state()
            #expect(try await world.admin.post(snapshots, #"{"name":"outside"}"#).status == 201)
            #expect(try await world.ask("start", "second-phone").status == 200)
            #expect(try await world.admin.post(snapshots, #"{"name":"inside"}"#).status == 201)
            #expect(try await world.admin.post(snapshots + "/outside/restore").status == 200)
            #expect(try await world.running() == "second-phone")
            #expect(try await world.ask("stop", "second-phone").status == 200)
            #expect(try await world.admin.post(snapshots + "/inside/restore").status == 200)
            #expect(try await world.running() == nil)
            #expect(try await world.state() != before)
        }
    }

    @Test func `a folder with a file that is wrong is refused with file, line and path`() async throws {
        let folder = try TemporaryFolder()
        let text = try Repository.text("Config/scenarios/unreachable.yaml").replacing("what:", with: "waht:")
        let line = try #require(
            text.split(separator: "\n", omittingEmptySubsequences: false).firstIndex { $0.contains("waht:") }
        )
        let file = try folder.write(text, to: "unreachable.yaml")
        let process = try ServerProcess.launch(
            ["--ephemeral", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--registry", Repository.demoLab],
            directory: folder.path,
            environment: ["TMPDIR": folder.path, "FAUXGUARD_SCENARIOS": folder.path]
        )
        #expect(try await process.wait() == .exited(1))
        #expect(
            process.errors.contains(
                "\(file):\(line + 1): scenarios: see[0]: the key 'waht' is unknown; known are what, "
            )
        )
    }
}
