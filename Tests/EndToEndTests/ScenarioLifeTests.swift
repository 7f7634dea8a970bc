import Foundation
import TestKit
import Testing

/// A scenario's life in a lab: one at a time, whole or not at all, and what ends it.
@Suite("A scenario's life", .timeLimit(.minutes(2)))
struct ScenarioLifeTests {
    @Test func `a lab that can't take the rows, or the rules, is left as it was`() async throws {
        try await ScenarioLab.run { world, _ in
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
            let deaf = ScenarioLab(admin: world.admin, lab: "deaf")
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

    /// It had said that it runs, without its rules.
    @Test func `a restart leaves a scenario as it was, and the lab can still be put back`() async throws {
        let folder = try TemporaryFolder()
        let data = folder.path(of: "data")
        var before = ""
        try await ScenarioLab.run(data: data) { world, _ in
            before = try await world.state()
            #expect(try await world.ask("start", "flapping-service").status == 200)
            #expect(try await world.rules().count == 2)
        }
        try await ScenarioLab.run(data: data) { world, _ in
            let running = try await world.running()
            #expect(running == "flapping-service")
            #expect(try await world.rules().count == 2)
            #expect(try await world.state() != before)
            #expect(try await world.ask("stop", "flapping-service").status == 200)
            #expect(try await world.rules().isEmpty)
            #expect(try await world.state() == before)
        }
        try await ScenarioLab.run(data: data) { world, _ in
            let started = try await world.ask("start", "flapping-service")
            #expect(started.status == 200)
        }
        // One whose file is gone since can be stopped all the same.
        let none = try TemporaryFolder()
        let environment = ["FAUXGUARD_SCENARIOS": none.path]
        try await ServerProcess.serve(data: data, environment: environment) { server in
            let world = ScenarioLab(admin: AdminPlane(server), lab: "default")
            let unknown = try await world.ask("start", "flapping-service")
            #expect(unknown.status == 404)
            #expect(try await world.ask("stop", "flapping-service").status == 200)
            #expect(try await world.state() == before)
            #expect(try await world.ask("stop", "flapping-service").status == 404)
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
