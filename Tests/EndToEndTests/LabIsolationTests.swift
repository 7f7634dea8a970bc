import Foundation
import IO
import TestKit
import Testing

/// Two labs whose serials and codes are the same, hammered at the same time.
@Suite("Labs beside each other", .timeLimit(.minutes(2)))
struct LabIsolationTests {
    private static let licenses = 20
    private static let clients = 4
    private static let unit = "FGT60FTK20000001"

    /// What one client of one lab saw.
    private struct Seen: Sendable {
        var answers = 0
        var tokens: Set<String> = []
        var codes: Set<String> = []
        /// How it ended where it was not told to.
        var end: String?
    }

    /// Whether the clients go on.
    ///
    /// They rest while a journal is read: the server is faster than the reading of what it did, so the load, and with
    /// it what is left to read, would grow for as long as this machine is slow.
    private enum Pace: Sendable {
        case going, resting, over
    }

    @Test func `two labs under load have nothing of each other, while one is reset and then removed`() async throws {
        // Both journals hold all that happens in this test.
        try await ServerProcess.serve(
            arguments: ["--loops", "2"],
            environment: ["FAUXGUARD_JOURNAL_ENTRIES": "200000", "FAUXGUARD_LOG_LEVEL": "warning"]
        ) { server in
            let admin = AdminPlane(server)
            let (first, firstTokens) = try await Self.make("team-a", seed: 1, admin)
            let (second, secondTokens) = try await Self.make("team-b", seed: 2, admin)
            #expect(firstTokens.isDisjoint(with: secondTokens))
            let pace = Monitor(Pace.going)
            async let firstSeen = Self.load(first, server, at: pace)
            async let secondSeen = Self.load(second, server, at: pace)
            // Said after the loads, so that it is done before they are waited for.
            defer { pace.withLock { $0 = .over } }

            try await Self.wait(for: 300, in: "team-b", admin)
            try await Self.wait(for: 300, in: "team-a", admin)
            #expect(
                try await Self.resting(pace) { try await Self.strangers(in: "team-a", to: firstTokens, admin) }.isEmpty
            )
            let reset = try await admin.post(AdminPlane.lab("team-a") + "/reset")
            #expect(reset.status == 200, "\(reset.text)")
            try await Self.wait(for: 300, in: "team-a", admin)
            #expect(
                try await Self.resting(pace) { try await Self.strangers(in: "team-a", to: firstTokens, admin) }.isEmpty
            )
            #expect(try await admin.call("DELETE", AdminPlane.lab("team-a")).status == 204)
            let now = try await Self.exchanges(in: "team-b", admin)
            try await Self.wait(for: now + 200, in: "team-b", admin)
            pace.withLock { $0 = .over }

            let removed = try await firstSeen
            let kept = try await secondSeen
            for seen in removed {
                #expect(seen.tokens.isSubset(of: firstTokens))
                // Its lab is gone: the connection ended, and nothing else was wrong.
                #expect(seen.end == "ended", "\(seen.end ?? "not at all")")
            }
            for seen in kept {
                #expect(seen.end == nil, "\(seen.end ?? "")")
                #expect(seen.tokens.isSubset(of: secondTokens))
            }
            let codes = removed.reduce(into: Set<String>()) { $0.formUnion($1.codes) }
            #expect(codes.isDisjoint(with: kept.reduce(into: Set<String>()) { $0.formUnion($1.codes) }))
            #expect(try await Self.strangers(in: "team-b", to: secondTokens, admin).isEmpty)
            // Not one exchange too many, and none too few.
            let answered = kept.map(\.answers).reduce(0, +)
            #expect(try await Self.exchanges(in: "team-b", admin) == answered)
            #expect(try await Self.exchanges(in: "default", admin) == 0)
            print("labs: \(removed.map(\.answers).reduce(0, +)) answers of the one removed, \(answered) of the other")
        }
    }

    /// Makes a lab with a listener and the document that both have; returns the port and the tokens, which chance made.
    private static func make(_ name: String, seed: Int, _ admin: AdminPlane) async throws -> (UInt16, Set<String>) {
        let made = try await admin.post(
            "/api/v1/labs",
            "{\"name\":\"\(name)\",\"listen\":\"127.0.0.1:0\",\"seed\":\(seed)}"
        )
        let address = try #require(made.string("listeners.0.address"), "\(made.text)")
        let port = try #require(address.split(separator: ":").last.flatMap { UInt16($0) })
        let licenses = (0..<licenses)
            .map { "{\"number\":\"EFTM0000000000\(10 + $0)\",\"code\":\"\(code($0))\",\"size\":5}" }
        let put = try await admin.call(
            "PUT",
            AdminPlane.lab(name) + "/registry",
            "{\"devices\":[{\"serial\":\"\(unit)\",\"registered\":true}],\"licenses\":[\(licenses.joined(separator: ","))]}"
        )
        #expect(put.status == 200, "\(put.text)")
        let page = try await admin.get(AdminPlane.lab(name) + "/tokens?limit=1000")
        let tokens = Set((page["items"] as? [[String: Any]] ?? []).compactMap { $0["serial"] as? String })
        #expect(tokens.count == Self.licenses * 5)
        return (port, tokens)
    }

    private static func code(_ index: Int) -> String { "C0DE-0000-0000-0000-00\(10 + index)" }

    /// Hammers one lab from several clients.
    private static func load(_ port: UInt16, _ server: ServerProcess, at pace: Monitor<Pace>) async throws -> [Seen] {
        try await Blocking.run(threads: clients) { number in
            var seen = Seen()
            var random = SeededRandom(seed: UInt64(number))
            do throws(TestClientError) {
                let client = try connect(port, server)
                while goesOn(pace) {
                    let activated = try client.post(
                        WireMessage.activation(code(random.number(0...licenses - 1)), by: unit)
                    )
                    seen.answers += 1
                    let tokens = WireMessage.values(of: "token", in: activated.text)
                    guard activated.status == 200, tokens.count == 5 else {
                        seen.end = "\(activated.status) \(activated.text)"
                        return seen
                    }
                    seen.tokens.formUnion(tokens)
                    let provisioned = try client.post(WireMessage.provision(Array(tokens.prefix(2)), by: unit))
                    seen.answers += 1
                    seen.codes.formUnion(WireMessage.values(of: "token_activation_code", in: provisioned.text))
                    let poll = try client.post(WireMessage.polling(tokens, by: unit))
                    seen.answers += 1
                    // A reset in between makes the license nobody's, until it is activated again.
                    guard provisioned.status == 200, poll.status == 200 else {
                        seen.end = "\(provisioned.status) \(provisioned.text), \(poll.status) \(poll.text)"
                        return seen
                    }
                    seen.tokens.formUnion(WireMessage.values(of: "token", in: poll.text))
                }
            } catch {
                switch error {
                case .ended, .reset: seen.end = "ended"
                default: seen.end = "\(error)"
                }
            }
            return seen
        }
    }

    private static func connect(_ port: UInt16, _ server: ServerProcess) throws(TestClientError) -> TestClient {
        guard let context = try? server.clientContext() else { throw .ended("a context") }
        return try TestClient(port: port, trusting: context, timeout: .seconds(20) * Sanitizer.slowdown)
    }

    /// Waits while the clients rest.
    private static func goesOn(_ pace: Monitor<Pace>) -> Bool {
        while true {
            // Of several that wait a signal wakes one.
            if let goesOn = pace.wait(milliseconds: 20, until: { $0 == .resting ? nil : $0 == .going }) {
                return goesOn
            }
        }
    }

    private static func resting<Result>(_ pace: Monitor<Pace>, _ body: () async throws -> Result) async rethrows
        -> Result
    {
        pace.withLock { $0 = .resting }
        defer { pace.withLock { $0 = .going } }
        return try await body()
    }

    /// How many exchanges a lab's journal holds.
    private static func exchanges(in lab: String, _ admin: AdminPlane) async throws -> Int {
        let body = #"{"where":{},"atLeast":0,"count":"exchanges"}"#
        let reply = try await admin.post(AdminPlane.lab(lab) + "/journal/verify", body)
        return try #require(reply.int("observed"), "\(reply.text)")
    }

    private static func wait(for count: Int, in lab: String, _ admin: AdminPlane) async throws {
        let body = "{\"where\":{\"serial\":\"\(unit)\"},\"atLeast\":\(count),\"within\":60}"
        let reply = try await admin.post(AdminPlane.lab(lab) + "/journal/verify", body)
        #expect(reply.status == 200, "\(reply.text.prefix(500))")
    }

    /// What a lab's journal tells of tokens and listeners that are not its own.
    private static func strangers(in lab: String, to own: Set<String>, _ admin: AdminPlane) async throws -> [String] {
        var found: [String] = []
        for record in try await journal(of: lab, admin) {
            if let listener = record["listener"] as? String, listener != lab { found.append("listener \(listener)") }
            for exchange in record["exchanges"] as? [[String: Any]] ?? [] {
                let tokens = (exchange["tokens"] as? [[String: Any]] ?? []).compactMap { $0["token"] as? String }
                found += tokens.filter { !own.contains($0) }
            }
        }
        return found
    }

    private static func journal(of lab: String, _ admin: AdminPlane) async throws -> [[String: Any]] {
        var records: [[String: Any]] = []
        var cursor = ""
        while true {
            let page = try await admin.get(AdminPlane.lab(lab) + "/journal?limit=1000" + cursor)
            records += page["items"] as? [[String: Any]] ?? []
            guard let next = page["next"] else { return records }
            cursor = "&cursor=\(next)"
        }
    }
}
