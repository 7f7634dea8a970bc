import Foundation
import TestKit
import Testing

/// What becomes of fault rules over a restart.
@Suite("serve, rules over a restart", .serialized, .timeLimit(.minutes(1)))
struct ServeRulesKeptTests {
    private static let rules = AdminPlane.lab() + "/faults"
    private static let configured = [
        "FAUXGUARD_FAULTS": "[{ do: http.empty, name: configured, when: { path: /nowhere } }]"
    ]

    /// Adds two rules, one of which lives ten minutes, and ends the server.
    private func addRules(in data: String, environment: [String: String]) async throws {
        let server = try await ServerProcess.start(data: data, environment: environment)
        let admin = AdminPlane(server)
        for rule in [
            FaultRule.json("http.status", named: "mine", with: ["code": 503]),
            FaultRule.json("http.hang", named: "ten", for: "10m"),
        ] {
            #expect(try await admin.post(Self.rules, rule).status == 201)
        }
        try await server.terminate()
    }

    private func names(_ server: ServerProcess) async throws -> [String] {
        let items = try await AdminPlane(server).get(Self.rules)["items"] as? [[String: Any]] ?? []
        return items.compactMap { $0["name"] as? String }
    }

    // A field report: rules that were added were gone after a restart, and nothing said so.
    @Test func `rules that end with the server are named at the next start, once`() async throws {
        let folder = try TemporaryFolder()
        let data = folder.path(of: "data")
        try await addRules(in: data, environment: Self.configured)
        let kept = data + "/labs/default/rules"
        #expect(try FileManager.default.attributesOfItem(atPath: kept)[.posixPermissions] as? Int == 0o600)
        for isFirst in [true, false] {
            let server = try await ServerProcess.start(data: data, environment: Self.configured)
            #expect(try await names(server) == ["configured"])
            let isSaid = server.log.contains(
                "fault rules ended with the run before: faults.persistent is false rules=\"mine ten\" lab=default"
            )
            #expect(isSaid == isFirst, "\(server.log)")
            try await server.terminate()
        }
        #expect(!FileManager.default.fileExists(atPath: kept))
    }

    @Test func `rules that persist are there again, for the rest of their time`() async throws {
        let folder = try TemporaryFolder()
        let data = folder.path(of: "data")
        let environment = ["FAUXGUARD_FAULTS_PERSISTENT": "true"].merging(Self.configured) { $1 }
        try await addRules(in: data, environment: environment)
        let server = try await ServerProcess.start(data: data, environment: environment)
        #expect(try await names(server) == ["configured", "mine", "ten"])
        #expect(server.log.contains("fault rule in force again rule=mine lab=default"), "\(server.log)")
        let unit = "FGT60FTK20000001"
        #expect(try await Curl(server).post(WireMessage.polling([], by: unit)).status == 503)
        // Two hours later by the lab's clock the one is over, and does not come back.
        #expect(
            try await AdminPlane(server).post(AdminPlane.lab() + "/clock/advance", #"{"seconds":7200}"#).status == 200
        )
        try await server.terminate()
        let later = try await ServerProcess.start(data: data, environment: environment)
        #expect(try await names(later) == ["configured", "mine"])
        #expect(try await AdminPlane(later).call("DELETE", Self.rules + "/mine").status == 204)
        try await later.terminate()
        let last = try await ServerProcess.start(data: data, environment: environment)
        #expect(try await names(last) == ["configured"])
        try await last.terminate()
    }

    @Test func `the file may name both, and a list alone is the rules`() async throws {
        let folder = try TemporaryFolder()
        let text = "faults:\n  persistent: true\n  rules:\n    - { do: http.empty, name: configured }\n"
        let file = try folder.write(text, to: "lab.yaml")
        let data = folder.path(of: "data")
        for expected in [["configured"], ["configured", "mine"]] {
            let server = try await ServerProcess.start(data: data, arguments: ["--config", file])
            #expect(try await names(server) == expected)
            _ = try await AdminPlane(server).post(Self.rules, FaultRule.json("http.hang", named: "mine"))
            try await server.terminate()
        }
    }
}
