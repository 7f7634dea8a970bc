import Foundation
import TestKit
import Testing

private let journal = AdminPlane.lab() + "/journal"
private let unit = "FGT60FTK20000001"

/// Expectations that hold only once their time is over, and those that nobody can tell.
@Suite("Journal verification", .timeLimit(.minutes(1))) struct JournalVerificationTests {
    private static func verify(_ admin: AdminPlane, _ body: String) async throws -> (AdminPlane.Reply, Duration) {
        let clock = ContinuousClock()
        let begin = clock.now
        let answer = try await admin.post(journal + "/verify", body)
        return (answer, clock.now - begin)
    }

    /// It said yes after 25 ms of 3 s, and the unit came a second later.
    @Test func `an upper bound is watched to its window's end, and fails the moment it is exceeded`() async throws {
        try await ServerProcess.serve { server in
            let admin = AdminPlane(server)
            let polls = #""where":{"serial":"\#(unit)"}"#
            for bound in [#""atMost":0"#, #""times":0"#] {
                let (answer, time) = try await Self.verify(admin, "{\(polls),\(bound),\"within\":0.5}")
                #expect(answer.status == 200 && answer.int("observed") == 0, "\(answer.text)")
                #expect(time >= .milliseconds(500), "\(bound): \(time)")
            }
            async let watched = Self.verify(admin, "{\(polls),\"atMost\":0,\"within\":60}")
            _ = try await Curl(server).post(WireMessage.polling([], by: unit))
            let (answer, time) = try await watched
            #expect(answer.status == 409 && answer.int("observed") == 1, "\(answer.text)")
            #expect(answer.string("counted") == "exchanges" && time < .seconds(30))
            // Without a window it is looked at once, and what is expected at least is said as soon as it is there.
            #expect(try await Self.verify(admin, "{\(polls),\"times\":1}").0.status == 200)
            #expect(try await Self.verify(admin, "{\(polls),\"atLeast\":1,\"within\":60}").1 < .seconds(30))
            let connections = try await Self.verify(admin, "{\(polls),\"times\":1,\"count\":\"connections\"}").0
            #expect(connections.string("counted") == "connections", "\(connections.text)")
            #expect(try await Self.verify(admin, "{\(polls),\"count\":\"bytes\"}").0.status == 422)
        }
    }

    /// A wait for at least so many was told as failed when its lab went away before the time was over.
    @Test func `where the lab goes away during a wait, nobody can say what would have come`() async throws {
        try await ServerProcess.serve(environment: ["FAUXGUARD_LIMITS_ADMINWAITS": "1"]) { server in
            let admin = AdminPlane(server)
            _ = try await admin.post("/api/v1/labs", #"{"name":"gone"}"#)
            async let waited = Self.verifyOnceThereIsRoom(admin)
            // The only place is taken once the wait has begun.
            var isWaiting = false
            let deadline = ContinuousClock.now + .seconds(30)
            while !isWaiting, ContinuousClock.now < deadline {
                let other = try await admin.post(journal + "/verify", #"{"atLeast":1,"within":0.001}"#)
                isWaiting = other.text.contains("limits.adminWaits")
            }
            _ = try await admin.call("DELETE", AdminPlane.lab("gone"))
            let answer = try await waited
            #expect(answer.string("type")?.hasSuffix(":cannot-say") == true, "\(answer.text)")
        }
    }

    /// A wait in the lab that goes away; whoever looks whether it has begun may have the place before it.
    private static func verifyOnceThereIsRoom(_ admin: AdminPlane) async throws -> AdminPlane.Reply {
        while true {
            let body = #"{"atLeast":1,"within":60}"#
            let reply = try await admin.post(AdminPlane.lab("gone") + "/journal/verify", body)
            if reply.status != 503 { return reply }
        }
    }

    /// Both were silent about what had been dropped, and a bound held over it.
    @Test func `where the journal ran over, nobody can say that there were no more`() async throws {
        try await ServerProcess.serve(environment: ["FAUXGUARD_JOURNAL_ENTRIES": "4"]) { server in
            let admin = AdminPlane(server)
            for _ in 0..<4 { _ = try await Curl(server).post(WireMessage.polling([], by: unit)) }
            let (answer, time) = try await Self.verify(admin, #"{"where":{"code":14},"atMost":0,"within":60}"#)
            #expect(answer.status == 409 && time < .seconds(30))
            #expect(answer.string("type")?.hasSuffix(":cannot-say") == true, "\(answer.text)")
            #expect(answer.int("dropped") ?? 0 >= 3, "\(answer.text)")
            #expect(
                try await Self.verify(admin, #"{"where":{"serial":"\#(unit)"},"times":0}"#).0.text.contains("match")
            )
            #expect(try await Self.verify(admin, #"{"where":{"serial":"\#(unit)"},"atLeast":1}"#).0.status == 200)
            let list = try await admin.get(journal)
            #expect(list.int("dropped") ?? 0 >= 3, "\(list.text)")
            let newest = try await admin.get(journal + "?newest=1&count=exchanges")
            #expect((newest["items"] as? [Any])?.count == 1)
            _ = try await admin.call("DELETE", journal)
            #expect(try await admin.get(journal).int("dropped") == 0)
            #expect(try await Self.verify(admin, #"{"where":{"code":14},"atMost":0}"#).0.status == 200)
        }
    }

    /// Each of them held, with `atMost: 0`, after traffic that it was meant to count.
    @Test func `an upper bound does not hold of what nothing can ever match`() async throws {
        try await ServerProcess.serve { server in
            let admin = AdminPlane(server)
            _ = try await Curl(server).post(WireMessage.polling([], by: unit))
            func verify(_ filters: String, _ rest: String = #""atMost":0"#) async throws -> AdminPlane.Reply {
                try await admin.post(journal + "/verify", "{\"where\":{\(filters)},\(rest)}")
            }
            for filters in [
                #""alert":"unknown-ca""#, #""sni":"https://localhost/""#, #""sni":"localhost:8443""#,
                #""sni":"local*""#,
                #""stage":"listener""#, #""code":99999999999"#, #""ja4":"t13""#,
            ] {
                #expect(try await verify(filters).status == 422, "\(filters)")
            }
            #expect(try await verify(#""alert":"UNKNOWN_CA""#).strings("suggestions") == ["unknown_ca"])
            let listener = try await verify(#""listener":"Main""#)
            #expect(listener.status == 409 && listener.strings("suggestions") == ["main"], "\(listener.text)")
            #expect(try await admin.get(journal + "?listener=Main").status == 409)
            #expect(try await admin.get(journal + "?listener=main").status == 200)
            for filters in [
                #""type":"MobileProvisionRequest","serial":"\#(unit)""#, #""since":"2999-01-01T00:00:00Z""#,
                #""since":5000"#, #""client":"0.0.0.0""#,
            ] {
                #expect(try await verify(filters).status == 409, "\(filters)")
            }
            let soon = try await Self.verify(
                admin,
                #"{"where":{"since":"2999-01-01T00:00:00Z"},"atMost":0,"within":60}"#
            )
            #expect(soon.0.status == 409 && soon.1 < .seconds(30))

            // A rule may be added while it is waited for; that nobody ever had it is told when the wait is over.
            _ = try await admin.post(AdminPlane.lab() + "/faults", FaultRule.json("http.empty", named: "fail", skip: 9))
            let slip = try await verify(#""rule":"fall""#)
            #expect(slip.status == 409 && slip.string("type")?.hasSuffix(":cannot-say") == true, "\(slip.text)")
            #expect(slip.strings("suggestions") == ["fail"])
            #expect(try await verify(#""rule":"fall""#, #""times":0,"within":0.2"#).status == 409)
            #expect(try await verify(#""rule":"fall""#, #""atLeast":1"#).text.contains("nothing could match"))
            async let watched = verify(#""rule":"later""#, #""atMost":0,"within":1"#)
            _ = try await admin.post(AdminPlane.lab() + "/faults", FaultRule.json("http.lost", named: "later", skip: 9))
            #expect(try await watched.status == 200)
            // A rule that never acted says so, also when it is gone.
            _ = try await admin.call("DELETE", AdminPlane.lab() + "/faults")
            #expect(try await verify(#""rule":"fail""#).status == 200)
        }
    }

    /// A rule that was removed decided by its exchange that the next of its name is counted by exchanges, of which it
    /// had none.
    @Test func `a name that two rules had is counted as the rule in force acts`() async throws {
        try await ServerProcess.serve { server in
            let admin = AdminPlane(server)
            let faults = AdminPlane.lab() + "/faults"
            _ = try await admin.post(faults, FaultRule.json("http.status", named: "fail", with: ["code": 503]))
            _ = try await Curl(server).post(WireMessage.polling([], by: unit))
            _ = try await admin.call("DELETE", faults)
            let list = try await admin.get(journal)
            let last = try #require(list.int("items.0.exchanges.0.id"))
            _ = try await admin.post(
                faults,
                FaultRule.json("tls.alert", named: "fail", with: ["alert": "internal_error"])
            )
            for _ in 0..<3 { _ = try await Command.run("curl", Curl.manners + ["--insecure", server.url]) }
            try await admin.whenIdle()
            for (filters, times) in [(#""rule":"fail","since":\#(last)"#, 3), (#""rule":"fail""#, 4)] {
                let (answer, _) = try await Self.verify(
                    admin,
                    "{\"where\":{\(filters)},\"times\":\(times),\"within\":0.1}"
                )
                #expect(answer.status == 200 && answer.string("counted") == "connections", "\(answer.text)")
            }
            let none = try await Self.verify(admin, #"{"where":{"rule":"fail","since":\#(last)},"atMost":0}"#).0
            #expect(none.status == 409 && none.int("observed") == 3, "\(none.text)")
        }
    }

    /// Null was taken for two filters of ten, and an alert, a rule and a token as they are printed for none.
    @Test func `every filter is taken as a record shows it`() async throws {
        try await ServerProcess.serve { server in
            let admin = AdminPlane(server)
            _ = try await admin.post(
                AdminPlane.lab() + "/faults",
                FaultRule.json("http.status", named: "down", with: ["code": 503], times: 1)
            )
            _ = try await Curl(server).post(WireMessage.polling(["FTKMOB947FDC1754"], by: unit))
            _ = try await Curl(server).post(WireMessage.polling(["FTKMOB947FDC1754", "FTK1"], by: unit))
            _ = try await Command.run("curl", Curl.manners + [server.url])
            try await admin.whenIdle()
            let items = try #require(try await admin.get(journal)["items"] as? [[String: Any]])
            #expect(items.count == 3)
            for record in items {
                var filters = ["client", "sni", "listener", "stage", "ja4", "outcome", "alert", "verdict"]
                    .map { ($0, record[$0]) }
                filters += (record["rules"] as? [Any] ?? []).map { ("rule", $0) }
                for exchange in record["exchanges"] as? [[String: Any]] ?? [] {
                    filters += ["type", "serial", "license", "code"].map { ($0, exchange[$0]) }
                    filters += (exchange["tokens"] as? [Any] ?? []).map { ("token", $0) }
                }
                for (key, value) in filters {
                    let body = try JSONSerialization.data(withJSONObject: ["where": [key: try #require(value)]])
                    let answer = try await admin.post(journal + "/verify", String(decoding: body, as: UTF8.self))
                    #expect(answer.status == 200, "\(key): \(answer.text)")
                }
            }
        }
    }
}
