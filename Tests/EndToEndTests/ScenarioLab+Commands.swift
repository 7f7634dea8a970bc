import Foundation
import TestKit
import Testing

/// A lab of a server with the repository's scenarios, and the commands that these tell of.
extension ScenarioLab {
    /// The variables by which a server finds what a checkout has.
    static let environment = [
        "FAUXGUARD_SCENARIOS": Repository.path("Config/scenarios"),
        "FAUXGUARD_PKI_PROFILES": Repository.path("Certs/profiles.yaml"),
    ]

    /// The names of the repository's scenarios.
    static let names: [String] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: Repository.path("Config/scenarios"))) ?? []
        return files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(".yaml".count)) }.sorted()
    }()

    /// Serves, and runs `body` in the demo lab, or in an empty lab with a listener of its own.
    static func run(
        data: String? = nil,
        inEmptyLab isEmpty: Bool = false,
        _ body: (ScenarioLab, ServerProcess) async throws -> Void
    ) async throws {
        try await ServerProcess.serve(data: data, environment: environment) { server in
            let admin = AdminPlane(server)
            try await body(isEmpty ? try await empty(admin) : ScenarioLab(admin: admin), server)
        }
    }

    /// What comes of a command of curl's: its exit status, and the answer's status and body where there is one.
    struct Outcome: Equatable {
        let exit: Int32
        let status: Int?
        let body: String
    }

    func send(_ command: String) async throws -> Outcome {
        let result = try await Command.run("bash", ["-c", command], within: .seconds(70))
        guard let end = result.output.firstRange(of: "\r\n\r\n") else {
            return Outcome(exit: result.status, status: nil, body: "")
        }
        let status = result.output.split(separator: " ", maxSplits: 2).dropFirst().first.flatMap { Int($0) }
        return Outcome(exit: result.status, status: status, body: String(result.output[end.upperBound...]))
    }

    /// Sends each of the scenario's requests once, whatever comes of it.
    func sendAll(_ scenario: AdminPlane.Reply) async throws -> [Outcome] {
        var outcomes: [Outcome] = []
        for sight in (scenario["see"] as? [[String: Any]]) ?? [] {
            outcomes.append(try await send(try #require(sight["command"] as? String)))
        }
        return outcomes
    }
}
