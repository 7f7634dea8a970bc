import Foundation
import TestKit
import Testing

/// How far a rule reaches: its own lab, its own exchange, and no further.
@Suite("How far rules reach", .timeLimit(.minutes(1)))
struct FaultScopeTests {
    private static let lab = AdminPlane.lab()
    private static let side = AdminPlane.lab("side")
    private static let sideHeader = "X-FauxGuard-Lab: side"

    /// A server with the lab `side`, which has no listener, and one rule of this JSON in each of the labs.
    private static func serve(
        rules: [String] = [],
        side sideRules: [String] = [],
        _ body: (ServerProcess, AdminPlane) async throws -> Void
    ) async throws {
        try await ServerProcess.serve { server in
            let admin = AdminPlane(server)
            #expect(try await admin.post("/api/v1/labs", #"{"name":"side"}"#).status == 201)
            for (lab, rules) in [(lab, rules), (side, sideRules)] {
                for rule in rules {
                    let added = try await admin.post(lab + "/faults", rule)
                    try #require(added.status == 201, "\(added.text)")
                }
            }
            try await body(server, admin)
        }
    }

    /// What one connection gets to several requests, each with how long it took.
    private static func converse(
        _ server: ServerProcess,
        _ requests: [(body: String, fields: [String])]
    ) async throws -> [(answer: HTTPAnswer, time: Duration)] {
        try await Blocking.run {
            let client = try server.connect()
            defer { client.close() }
            return try requests.map { request in
                let begin = ContinuousClock.now
                try client.send(TestClient.post(request.body, fields: request.fields))
                let answer = try client.answer()
                return (answer, .now - begin)
            }
        }
    }

    // MARK: Its exchange

    /// A rule on one request had shaped all that followed on its connection, named by none of it.
    @Test func `bytes travel as they would again once the exchange is over that rules shaped`() async throws {
        let match = #""when":{"message":"PollingRequest"},"times":1"#
        let rules = [
            "{\"name\":\"slow\",\(match),\"do\":\"tcp.delay\",\"with\":{\"latency\":\"3s\"}}",
            // The head and the body of one answer are shorter, of two longer.
            "{\"name\":\"cut\",\(match),\"do\":\"tcp.limit\",\"with\":{\"bytes\":700}}",
        ]
        try await Self.serve(rules: rules) { server, admin in
            let request = try Repository.fixture("polling.request.json")
            let seen = try await Self.converse(server, [(request, []), (request, []), (request, [])])
            #expect(seen.map(\.answer.status) == [200, 200, 200])
            #expect(seen[0].time >= .seconds(3) && seen[1].time < .seconds(3), "\(seen.map(\.time))")
            let records = try await admin.get(Self.lab + "/journal")
            #expect(records["items.0.exchanges.0.rules.1"] != nil, "\(records.text)")
            #expect(records["items.0.exchanges.1.status"] != nil, "\(records.text)")
            #expect(records["items.0.exchanges.1.rules.0"] == nil, "\(records.text)")
        }
    }

    @Test func `what one lab's rule shaped is over before another lab's exchange`() async throws {
        let rules = [
            #"{"name":"slow","do":"tcp.delay","with":{"latency":"3s"}}"#,
            #"{"name":"cut","do":"tcp.limit","with":{"bytes":700}}"#,
        ]
        .map { $0.replacing(#","do""#, with: #","when":{"path":"/*"},"do""#) }
        try await Self.serve(side: rules) { server, _ in
            let request = try Repository.fixture("polling.request.json")
            let seen = try await Self.converse(server, [(request, [Self.sideHeader]), (request, []), (request, [])])
            #expect(seen.map(\.answer.status) == [200, 200, 200])
            #expect(seen[0].time >= .seconds(3) && seen[1].time < .seconds(3), "\(seen.map(\.time))")
        }
    }

    /// A later exchange that it found nothing to change in had taken it off the connection.
    @Test func `a rule that acted on one exchange stays the connection's, where a later one has nothing for it`()
        async throws
    {
        let rule = #"{"name":"again","do":"service.stale","when":{"message":"PollingRequest"}}"#
        try await Self.serve(rules: [rule]) { server, admin in
            let request = try Repository.fixture("polling.request.json")
            let other = request.replacingOccurrences(of: "FGT3HD3915801656", with: "FGT3HD3915801999")
            _ = try await Self.converse(server, [(request, []), (request, []), (other, [])])
            let wait = #"{"where":{"stage":"close"},"times":1,"within":10}"#
            #expect(try await admin.post(Self.lab + "/journal/verify", wait).status == 200)
            let records = try await admin.get(Self.lab + "/journal")
            #expect(records.string("items.0.rules.0.name") == "again", "\(records.text)")
            #expect(records.string("items.0.exchanges.1.rules.0.name") == "again", "\(records.text)")
            for index in [0, 2] {
                #expect(records["items.0.exchanges.\(index).rules.0"] == nil, "\(records.text)")
                #expect(records.string("items.0.exchanges.\(index).nearMisses.0.rule") == "again", "\(records.text)")
            }
        }
    }

    // MARK: Its lab

    /// The page's exchange had gone into the journal of the listener's lab, which does not know the rule.
    @Test func `an exchange without a message is of the lab that it names, too`() async throws {
        let rule = #"{"name":"theirs","do":"http.contentType","with":{"value":"text/plain"},"when":{"path":"/*"}}"#
        try await Self.serve(side: [rule]) { server, admin in
            let page = try await Curl(server).reply(to: ["--header", Self.sideHeader], path: Curl.page)
            #expect(page.value(of: "content-type") == "text/plain")
            let there = try await admin.get(Self.side + "/journal?rule=theirs")
            #expect(there.string("items.0.exchanges.0.path") == Curl.page, "\(there.text)")
            #expect(try await !admin.get(Self.lab + "/journal").text.contains("theirs"))
            for path in [Curl.page, "/nowhere"] {
                let lost = try await Curl(server).reply(to: ["--header", "X-FauxGuard-Lab: nobody"], path: path)
                #expect(lost.status == 421)
            }
        }
    }

    /// The rule had acted on what was said to the other lab.
    @Test func `a rule at the connection's end goes by no request to another lab`() async throws {
        let rule = #"{"name":"last","do":"tls.abruptClose","when":{"message":"PollingRequest"}}"#
        try await Self.serve(rules: [rule]) { server, admin in
            let request = try Repository.fixture("polling.request.json")
            for (fields, acted) in [([Self.sideHeader], 0), ([], 1)] {
                _ = try await Self.converse(server, [(request, fields + ["Connection: close"])])
                let wait = "{\"where\":{\"stage\":\"close\"},\"times\":\(acted + 1),\"within\":10}"
                #expect(try await admin.post(Self.lab + "/journal/verify", wait).status == 200)
                #expect(try await admin.get(Self.lab + "/faults/last").int("acted") == acted)
            }
        }
    }

    /// The address had counted as that of two units.
    @Test func `an address is known in a lab only for what it said to that lab`() async throws {
        let rule = #"{"name":"unit","do":"tcp.close","when":{"serial":"FGT3HD3915801656"}}"#
        try await Self.serve(rules: [rule]) { server, admin in
            let request = try Repository.fixture("polling.request.json")
            let other = request.replacingOccurrences(of: "FGT3HD3915801656", with: "FGT3HD3915801999")
            _ = try await Self.converse(server, [(request, []), (other, [Self.sideHeader])])
            #expect(try await Curl(server).run([], path: Curl.page).status != 0)
            let state = try await admin.get(Self.lab + "/faults/unit")
            #expect(state.int("acted") == 1, "\(state.text)")
        }
    }

    // MARK: What it says of an answer that is none of the service's

    /// A block page with status 200 had passed for an answer without a code, which scripts take for a success.
    @Test(arguments: [
        #"{"do":"http.blockPage","with":{"vendor":"webfilter"}}"#, #"{"do":"http.status","with":{"code":200}}"#,
        #"{"do":"http.empty","when":{"path":"/*"}}"#,
    ])
    func `status 200 that a rule made is no success in the journal`(rule: String) async throws {
        try await Self.serve(rules: [rule]) { server, admin in
            // Not JSON: the service says 500.
            #expect(try await Curl(server).post("{").status == 200)
            let records = try await admin.get(Self.lab + "/journal?code=none")
            #expect(records.text.contains(#""items":[]"#), "\(records.text)")
            let table =
                try await Command.run(
                    Repository.binary,
                    ["journal", "list"],
                    environment: ["FAUXGUARD_ADMIN": server.ready.admin]
                )
                .output
            #expect(table.contains("a rule") && !table.contains(" ok"), "\(table)")
        }
    }

    /// A request that the service never saw had been found by its unit and its tokens, and by its license no longer.
    @Test(arguments: [#""when":{"license":"FTMTRIAL02062407"},"#, ""])
    func `a request that a rule answered is found by the license that it is about`(match: String) async throws {
        try await Self.serve(rules: ["{\(match)\"name\":\"busy\",\"do\":\"http.status\",\"with\":{\"code\":503}}"]) {
            server,
            admin in
            #expect(try await Curl(server).post(Repository.fixture("polling.request.json")).status == 503)
            let records = try await admin.get(Self.lab + "/journal?license=FTMTRIAL02062407&rule=busy")
            #expect(records.int("items.0.exchanges.0.status") == 503, "\(records.text)")
        }
    }
}
