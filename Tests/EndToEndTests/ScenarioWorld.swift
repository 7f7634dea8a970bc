import Foundation
import TestKit
import Testing

/// A server with the repository's scenarios, and one of its labs.
struct ScenarioWorld {
    let admin: AdminPlane
    let lab: String

    /// The lab's path.
    var path: String { AdminPlane.lab(lab) }

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
        _ body: (ScenarioWorld, ServerProcess) async throws -> Void
    ) async throws {
        try await ServerProcess.serve(data: data, environment: environment) { server in
            let admin = AdminPlane(server)
            if isEmpty {
                let made = try await admin.post("/api/v1/labs", #"{"name":"empty","listen":"127.0.0.1:0"}"#)
                try #require(made.status == 201, "\(made.text)")
            }
            try await body(ScenarioWorld(admin: admin, lab: isEmpty ? "empty" : "default"), server)
        }
    }

    /// Everything that a lab can be put back to: its registry and how its clock is set.
    func state() async throws -> String {
        let export = try await admin.get(path + "/registry?format=yaml")
        let clock = try await admin.get(path + "/clock")
        try #require(export.status == 200 && clock.status == 200)
        let now = clock.string("mode") == "frozen" ? clock.string("now") ?? "" : ""
        return export.text + "\(clock.string("mode") ?? "") \(now) \(clock.string("certificates") ?? "")"
    }

    /// The names of the rules in force.
    func rules() async throws -> [String] {
        let answer = try await admin.get(path + "/faults")
        return ((answer["items"] as? [[String: Any]]) ?? []).compactMap { $0["name"] as? String }
    }

    /// The scenario that runs.
    func running() async throws -> String? {
        let answer = try await admin.get(path + "/scenarios")
        let items = (answer["items"] as? [[String: Any]]) ?? []
        return items.first { $0["running"] as? Bool == true }?["name"] as? String
    }

    /// Starts or stops a scenario.
    func ask(_ verb: String, _ name: String) async throws -> AdminPlane.Reply {
        try await admin.post(path + "/scenarios/\(name)/\(verb)")
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
