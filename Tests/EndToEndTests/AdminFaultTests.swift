import Foundation
import TestKit
import Testing

/// Fault rules in an operator's hands: added, seen at work, told of, removed.
@Suite("Admin, fault rules", .timeLimit(.minutes(2)))
struct AdminFaultTests {
    private let unit = "FGT60FTK20000001"
    private let faults = AdminPlane.lab() + "/faults"
    private let journal = AdminPlane.lab() + "/journal"

    private func poll(_ server: ServerProcess, lab: String? = nil) async throws -> Curl.Reply {
        let field = lab.map { ["--header", "X-FauxGuard-Lab: \($0)"] } ?? []
        return try await Curl(server).post(WireMessage.polling([], by: unit), field)
    }

    @Test func `a rule fails twice and then lets work, and says so`() async throws {
        try await ServerProcess.serve { server in
            let admin = AdminPlane(server)
            let made = try await admin.post(
                faults,
                FaultRule.json(
                    "http.status",
                    with: ["code": 503, "retryAfter": "30s"],
                    when: ["serial": "FGT60*"],
                    times: 2
                )
            )
            #expect(made.status == 201, "\(made.text)")
            #expect(made.string("name") == "http.status-1" && made.string("stage") == "request")
            #expect(made.int("matched") == 0 && made["expires"] == nil && made["retired"] as? Bool == false)

            var statuses: [Int] = []
            for _ in 1...3 { statuses.append(try await poll(server).status) }
            #expect(statuses == [503, 503, 200])

            let rule = try await admin.get(faults + "/http.status-1")
            #expect(rule.int("matched") == 3 && rule.int("acted") == 2 && rule["retired"] as? Bool == true)
            #expect((rule["missed"] as? [String: Int]) == ["it has acted 2 times": 1], "\(rule.text)")
            #expect(rule.string("when.serial") == "FGT60*" && rule.int("with.code") == 503 && rule.int("times") == 2)

            // The rules are told of at a connection's end.
            let told = #"{"where":{"rule":"http.status-1"},"atLeast":2,"within":10}"#
            #expect(try await admin.post(journal + "/verify", told).status == 200)
            let page = try await admin.get(journal + "?rule=http.status-1&serial=FGT60*")
            #expect((page["items"] as? [Any])?.count == 2, "\(page.text)")
            #expect(page.string("items.0.rules.0.name") == "http.status-1" && page["items.0.rules.0.boundBy"] == nil)
            #expect(try await admin.get(journal + "?form=canonical").text.contains(" rules=http.status-1\n"))

            #expect(try await admin.call("DELETE", faults + "/http.status-1").status == 204)
            let gone = try await admin.call("DELETE", faults + "/http.status-1")
            #expect(gone.status == 404, "\(gone.text)")
        }
    }

    @Test func `a lab without a listener has rules for requests only`() async throws {
        try await ServerProcess.serve { server in
            let admin = AdminPlane(server)
            _ = try await admin.post("/api/v1/labs", #"{"name":"team-a"}"#)
            let path = AdminPlane.lab("team-a") + "/faults"
            for rule in [FaultRule.json("tcp.close"), FaultRule.json("tls.abruptClose"), FaultRule.json("tcp.refuse")] {
                let refused = try await admin.post(path, rule)
                #expect(refused.status == 409 && refused.string("path") == "do", "\(refused.text)")
                #expect(refused.string("reason")?.contains("the lab team-a has no listener") == true)
            }
            let rule = FaultRule.json("http.status", with: ["code": 418], when: ["listener": "main"])
            #expect(try await admin.post(path, rule).status == 201)
            #expect(try await poll(server, lab: "team-a").status == 418)
            #expect(try await poll(server).status == 200)
        }
    }

    @Test func `a reset removes rules, a snapshot leaves them, and their time is the lab's`() async throws {
        try await ServerProcess.serve { server in
            let admin = AdminPlane(server)
            let lab = AdminPlane.lab()
            _ = try await admin.call("PUT", lab + "/clock", #"{"mode":"frozen","now":"2027-03-01T12:00:00Z"}"#)
            _ = try await admin.post(lab + "/snapshots", #"{"name":"before"}"#)
            let made = try await admin.post(faults, FaultRule.json("http.status", with: ["code": 500], for: "10m"))
            #expect(made.string("expires") == "2027-03-01T12:10:00Z" && made.string("for") == "10m", "\(made.text)")
            #expect(try await admin.post(lab + "/snapshots/before/restore").status == 200)
            #expect(try await poll(server).status == 500)
            _ = try await admin.post(lab + "/clock/advance", #"{"seconds":600}"#)
            #expect(try await poll(server).status == 200)
            #expect((try await admin.get(faults)["items"] as? [Any])?.isEmpty == true)

            for name in ["a", "b", "c"] {
                _ = try await admin.post(faults, FaultRule.json("http.status", named: name, with: ["code": 500]))
            }
            let first = try await admin.get(faults + "?limit=2")
            #expect(first.string("items.1.name") == "b")
            _ = try await admin.call("DELETE", faults + "/b")
            let next = try #require(first.string("next"))
            let second = try await admin.get(faults + "?limit=2&cursor=\(next)")
            #expect(second.string("items.0.name") == "c" && second["next"] == nil, "\(second.text)")
            #expect(try await admin.post(lab + "/reset").status == 200)
            #expect((try await admin.get(faults)["items"] as? [Any])?.isEmpty == true)
            #expect(try await poll(server).status == 200)
            #expect(try await admin.call("DELETE", faults).status == 204)
        }
    }

    @Test func `a verification that fails tells what became of the rules`() async throws {
        try await ServerProcess.serve { server in
            let admin = AdminPlane(server)
            _ = try await admin.post(faults, FaultRule.json("http.status", named: "late", with: ["code": 500], skip: 5))
            #expect(try await poll(server).status == 200)
            let missed = try await admin.post(journal + "/verify", #"{"where":{"rule":"late"}}"#)
            #expect(missed.status == 409, "\(missed.text)")
            #expect(missed.string("rules.0.name") == "late" && missed.int("rules.0.matched") == 1)
            #expect(missed.int("rules.0.acted") == 0 && missed.int("rules.0.missed.it lets 5 pass first") == 1)
        }
    }

    @Test func `a unit that spoke before the rule came is known by its address`() async throws {
        try await ServerProcess.serve { server in
            let admin = AdminPlane(server)
            #expect(try await poll(server).status == 200)
            let rule =
                FaultRule.json("tcp.close", named: "shut", with: ["after": "accept"], when: ["serial": unit], times: 1)
            #expect(try await admin.post(faults, rule).string("stage") == "accept")
            await #expect(throws: TestKitError.self) { try await poll(server) }
            let record = try await admin.post(journal + "/verify", #"{"where":{"rule":"shut"},"within":10}"#)
            #expect(record.status == 200, "\(record.text)")
            let page = try await admin.get(journal + "?rule=shut")
            #expect(page.string("items.0.rules.0.boundBy") == "address", "\(page.text)")

            // Another unit from the same address: from here on it is nobody's.
            _ = try await Curl(server).post(WireMessage.polling([], by: "FG100FTK20009876"))
            #expect(try await poll(server).status == 200)
            let told = #"{"where":{"listener":"main","outcome":"closed"},"atLeast":3,"within":10}"#
            _ = try await admin.post(journal + "/verify", told)
            let near = try await admin.get(journal)
            #expect(near.text.contains(#"{"rule":"shut","reason":"several units have spoken from the address"}"#))
        }
    }

    // Defect: each code and status that a rule makes up became a label of its own.
    @Test func `codes and statuses that rules make up share one label`() async throws {
        try await ServerProcess.serve { server in
            let admin = AdminPlane(server)
            let path = AdminPlane.lab() + "/faults"
            let body = WireMessage.polling(["FTKMOB947FDC1754"], by: "FG100FTK20009876")
            for code in [15, 500, 904, 70_000] {
                let rule = FaultRule.json("service.error", with: ["code": code], times: 1)
                #expect(try await admin.post(path, rule).status == 201)
                _ = try await Curl(server).post(body)
            }
            for code in [299, 503, 599] {
                let rule = FaultRule.json("http.status", with: ["code": code], times: 1)
                #expect(try await admin.post(path, rule).status == 201)
                _ = try await Curl(server).post(body)
            }
            let lines = Set(try await admin.whenIdle().text.split(separator: "\n").map(String.init))
            for line in [
                #"fauxguard_exchanges_total{type="PollingRequest",code="other"} 3"#,
                #"fauxguard_exchanges_total{type="PollingRequest",code="904"} 1"#,
                #"fauxguard_http_responses_total{status="other"} 2"#,
                #"fauxguard_http_responses_total{status="503"} 1"#,
            ] {
                #expect(lines.contains(line) as Bool, "\(line) is not there")
            }
            #expect(!lines.contains { $0.contains(#"code="500""#) || $0.contains(#"status="599""#) } as Bool)
        }
    }
}
