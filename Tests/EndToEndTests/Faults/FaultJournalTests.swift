import Foundation
import TestKit
import Testing

/// What the journal tells of rules while connections are open, for other labs, and of requests without an answer.
@Suite("Faults in the journal", .timeLimit(.minutes(1)))
struct FaultJournalTests {
    private static let lab = AdminPlane.lab()

    /// A rule had been found only once its connection had ended.
    @Test func `a rule that acted on one exchange of an open connection is found at once, with that exchange alone`()
        async throws
    {
        try await ServerProcess.serve { server in
            let admin = AdminPlane(server)
            for rule in [
                FaultRule.json(
                    "service.error",
                    named: "refused",
                    with: ["code": 31],
                    when: ["message": "PollingRequest"],
                    skip: 1,
                    times: 1
                ),
                FaultRule.json(
                    "http.status",
                    named: "never",
                    with: ["code": 503],
                    when: ["message": "PollingRequest"],
                    skip: 9
                ),
                FaultRule.json("tcp.delay", named: "slow", with: ["latency": "1ms"]),
            ] {
                let added = try await admin.post(Self.lab + "/faults", rule)
                try #require(added.status == 201, "\(added.text)")
            }
            let request = try Repository.fixture("polling.request.json")
            let (found, list) = try await Blocking.run {
                let client = try server.connect()
                for _ in 0..<3 { _ = try client.post(request) }
                defer { client.close() }
                return try Self.ask(server, #"{"rule":"refused","type":"PollingRequest"}"#)
            }
            #expect(found.status == 200, "\(found.text)")
            let connection = try #require((list.object["items"] as? [[String: Any]])?.first, "\(list.text)")
            #expect(connection["outcome"] is NSNull, "the connection is still open")
            let exchanges = try #require(connection["exchanges"] as? [[String: Any]])
            func names(_ member: String, _ name: String, of record: [String: Any]) -> [String] {
                (record[member] as? [[String: Any]] ?? []).compactMap { $0[name] as? String }
            }
            #expect(exchanges.map { names("rules", "name", of: $0) } == [["slow"], ["slow", "refused"], ["slow"]])
            #expect(exchanges.map { names("nearMisses", "rule", of: $0).contains("never") } == [true, true, true])
            #expect(Set(names("rules", "name", of: connection)) == ["slow", "refused"])
            // Log lines of exchanges name them, too.
            _ = try await server.logLine(with: "rules=\"slow refused\"")
        }
    }

    @Test func `a rule of a lab that a request names is told of in that lab's journal, and in no other`() async throws {
        try await ServerProcess.serve { server in
            let admin = AdminPlane(server)
            let side = AdminPlane.lab("side")
            #expect(try await admin.post("/api/v1/labs", #"{"name":"side"}"#).status == 201)
            let rule = FaultRule.json("http.status", named: "theirs", with: ["code": 503])
            #expect(try await admin.post(side + "/faults", rule).status == 201)
            for ours in [
                FaultRule.json("tcp.delay", named: "ours", with: ["latency": "1ms"]),
                FaultRule.json("tls.abruptClose", named: "last"),
            ] { #expect(try await admin.post(Self.lab + "/faults", ours).status == 201) }
            let request = try Repository.fixture("polling.request.json")
            let header = ["--header", "X-FauxGuard-Lab: side", "--data-binary", "@-"]
            _ = try await Curl(server).run(header, input: request)
            try await admin.whenIdle()
            let there = try await admin.get(side + "/journal?rule=theirs")
            #expect(there.string("items.0.exchanges.0.rules.0.name") == "theirs", "\(there.text)")
            #expect(there.string("items.0.rules.0.name") == "theirs", "\(there.text)")
            #expect(!there.text.contains("ours"))
            let here = try await admin.get(Self.lab + "/journal")
            #expect(here.string("items.0.rules.0.name") == "ours", "\(here.text)")
            #expect(here.string("items.0.rules.1.name") == "last", "\(here.text)")
            #expect(!here.text.contains("theirs"), "\(here.text)")
            // Neither answer was the service's, so none is a success.
            #expect(try await admin.get(side + "/journal?code=none").strings("items") == [])
        }
    }

    /// Of a request that hung, only the connection had been told.
    @Test(arguments: [
        FaultRule.json("http.hang", named: "mute"),
        FaultRule.json("tcp.reset", named: "mute", with: ["after": "request"]),
    ])
    func `a request that a rule leaves without an answer is in the journal`(rule: String) async throws {
        try await ServerProcess.serve { server in
            let admin = AdminPlane(server)
            let added = try await admin.post(Self.lab + "/faults", rule)
            try #require(added.status == 201, "\(added.text)")
            let request = try Repository.fixture("polling.request.json")
            let token = try #require(request.firstMatch(of: /FTKMOB[0-9A-F]{10}/)?.output)
            let (found, list) = try await Blocking.run {
                let client = try server.connect()
                try client.send(TestClient.post(request))
                defer { client.close() }
                return try Self.ask(server, "{\"rule\":\"mute\",\"type\":\"PollingRequest\",\"token\":\"\(token)\"}")
            }
            #expect(found.status == 200, "\(found.text)")
            let connection = try #require((list.object["items"] as? [[String: Any]])?.first, "\(list.text)")
            let exchange = try #require((connection["exchanges"] as? [[String: Any]])?.first, "\(list.text)")
            #expect(exchange["status"] is NSNull && (exchange["answer"] as? [String: Any])?["bytes"] as? Int == 0)
            let body = (exchange["request"] as? [String: Any])?["body"] as? String
            #expect(body?.contains("PollingRequest") == true, "\(list.text)")
        }
    }

    /// Waits until one exchange matches, on the calling thread, and lists the journal with bodies.
    private static func ask(_ server: ServerProcess, _ filter: String) throws -> (found: HTTPAnswer, list: HTTPAnswer) {
        let admin = try TestClient.admin(of: server)
        defer { admin.close() }
        let found = try admin.call("POST", lab + "/journal/verify", "{\"where\":\(filter),\"atLeast\":1,\"within\":8}")
        return (found, try admin.call("GET", lab + "/journal?bodies=true"))
    }
}
