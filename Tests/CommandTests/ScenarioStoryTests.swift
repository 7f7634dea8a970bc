import Foundation
import TestKit
import Testing

/// A tester shows a published symptom with `fauxguard scenario` and a copied command, and puts the lab back.
@Suite("Scenarios on the command line", .timeLimit(.minutes(1)))
struct ScenarioStoryTests {
    private func run(_ words: String, _ server: ServerProcess) async throws -> Command.Result {
        try await Session.run(words, admin: server.ready.admin)
    }

    @Test func `a scenario is started, shown with its commands, and stopped`() async throws {
        let environment = ["FAUXGUARD_SCENARIOS": Repository.path("Config/scenarios")]
        try await ServerProcess.serve(environment: environment) { server in
            let list = try await run("scenario list", server)
            #expect(list.status == 0 && list.output.hasPrefix("NAME"), "\(list.errors)")
            #expect(list.output.contains("\nexpired-license "))

            let started = try await run("scenario start expired-license", server)
            #expect(started.status == 0, "\(started.errors)")
            let lines = started.output.split(separator: "\n").map(String.init)
            #expect(lines.first == "started expired-license: A code that was never used ends with its date")
            let command = try #require(lines.last { $0.hasPrefix("  curl ") })
            let answer = try await Command.run("bash", ["-c", command])
            #expect(answer.output.contains(WireMessage.error(14, "forticare license expired")), "\(answer.errors)")

            let shown = try await run("scenario show expired-license", server)
            #expect(shown.output.contains("forticare license expired (error_code 14; the unit shows -7564)"))
            #expect(shown.output.split(separator: "\n").contains { $0.hasPrefix("running") && $0.hasSuffix("yes") })
            #expect(shown.output.contains(command))

            let again = try await run("scenario start expired-license", server)
            #expect(again.status == 1 && again.errors.contains("the scenario expired-license runs already"))
            let stopped = try await run("scenario stop expired-license", server)
            #expect(stopped.output == "stopped expired-license: the lab default is as it was before\n")
            let idle = try await run("scenario stop expired-license", server)
            #expect(idle.status == 1 && idle.errors.contains("does not run in this lab"))
        }
    }
}
