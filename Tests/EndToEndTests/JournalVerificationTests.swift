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
}
