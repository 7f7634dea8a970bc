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
        let match = ["message": "PollingRequest"]
        let rules = [
            FaultRule.json("tcp.delay", named: "slow", with: ["latency": "3s"], when: match, times: 1),
            // The head and the body of one answer are shorter, of two longer.
            FaultRule.json("tcp.limit", named: "cut", with: ["bytes": 700], when: match, times: 1),
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
            FaultRule.json("tcp.delay", named: "slow", with: ["latency": "3s"], when: ["path": "/*"]),
            FaultRule.json("tcp.limit", named: "cut", with: ["bytes": 700], when: ["path": "/*"]),
        ]
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
        let rule = FaultRule.json("service.stale", named: "again", when: ["message": "PollingRequest"])
        try await Self.serve(rules: [rule]) { server, admin in
            let request = try Repository.fixture("polling.request.json")
            let other = request.replacingOccurrences(of: "FGT3HD3915801656", with: "FGT3HD3915801999")
            _ = try await Self.converse(server, [(request, []), (request, []), (other, [])])
            try await admin.whenIdle()
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
        let rule = FaultRule.json(
            "http.contentType",
            named: "theirs",
            with: ["value": "text/plain"],
            when: ["path": "/*"]
        )
        try await Self.serve(side: [rule]) { server, admin in
            let page = try await Curl(server).reply(to: ["--header", Self.sideHeader], path: Curl.page)
            #expect(page.value(of: "content-type") == "text/plain")
            try await admin.whenIdle()
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
        let rule = FaultRule.json("tls.abruptClose", named: "last", when: ["message": "PollingRequest"])
        try await Self.serve(rules: [rule]) { server, admin in
            let request = try Repository.fixture("polling.request.json")
            for (fields, acted) in [([Self.sideHeader], 0), ([], 1)] {
                _ = try await Self.converse(server, [(request, fields + ["Connection: close"])])
                try await admin.whenIdle()
                #expect(try await admin.get(Self.lab + "/faults/last").int("acted") == acted)
            }
        }
    }

    /// The address had counted as that of two units.
    @Test func `an address is known in a lab only for what it said to that lab`() async throws {
        let rule = FaultRule.json("tcp.close", named: "unit", when: ["serial": "FGT3HD3915801656"])
        try await Self.serve(rules: [rule]) { server, admin in
            let request = try Repository.fixture("polling.request.json")
            let other = request.replacingOccurrences(of: "FGT3HD3915801656", with: "FGT3HD3915801999")
            _ = try await Self.converse(server, [(request, []), (other, [Self.sideHeader])])
            #expect(try await Curl(server).run([], path: Curl.page).status != 0)
            let state = try await admin.get(Self.lab + "/faults/unit")
            #expect(state.int("acted") == 1, "\(state.text)")
        }
    }

    // MARK: What it finds nothing to do for

    /// The request had been refused all the same, with an error that nobody had asked for.
    @Test func `an error for tokens or peers leaves a request alone that has none`() async throws {
        let rules = [
            FaultRule.json(
                "service.error",
                named: "tokens",
                with: ["code": 31, "at": "token"],
                when: ["message": "ActivationLicenseRequest"]
            ),
            FaultRule.json(
                "service.error",
                named: "peers",
                with: ["code": 14, "at": "peer"],
                when: ["message": "PollingRequest"]
            ),
        ]
        try await Self.serve(rules: rules) { server, admin in
            let activation = try Repository.fixture("activation-expired.request.json")
            #expect(try await Curl(server).post(activation).body.contains("forticare license expired"))
            let alone = try Repository.fixture("polling.request.json")
                .replacingOccurrences(of: #", { "sn": "FGT3HD3915801685" }"#, with: "")
            #expect(try await Curl(server).post(alone).body.contains(#""result":1"#))
            for (name, reason) in [("tokens", "it names no token"), ("peers", "it names no peer")] {
                let rule = try await admin.get(Self.lab + "/faults/\(name)")
                #expect(rule.int("acted") == 0 && rule.text.contains(reason), "\(rule.text)")
            }
        }
    }

    /// The connection had been closed behind a whole answer.
    @Test(arguments: [
        FaultRule.json("http.length", named: "cut", with: ["delta": -5000]),
        FaultRule.json("http.truncate", named: "cut", with: ["bytes": 100000]),
    ])
    func `a cut that an answer is too short for leaves it and its connection whole`(rule: String) async throws {
        try await Self.serve(rules: [rule]) { server, admin in
            let request = try Repository.fixture("polling.request.json")
            let seen = try await Self.converse(server, [(request, []), (request, [])])
            #expect(seen.map(\.answer.status) == [200, 200])
            let state = try await admin.get(Self.lab + "/faults/cut")
            #expect(state.int("acted") == 0 && state.text.contains("the body has only"), "\(state.text)")
        }
    }

    /// "The previous answer" had been one that a rule had made.
    @Test func `a stale answer is one that the service gave`() async throws {
        let rules = [
            FaultRule.json("http.status", named: "busy", with: ["code": 503], times: 1),
            FaultRule.json("service.stale", named: "again", when: ["message": "PollingRequest"]),
        ]
        try await Self.serve(rules: rules) { server, _ in
            let request = try Repository.fixture("polling.request.json")
            let seen = try await Self.converse(server, [(request, []), (request, []), (request, [])])
            #expect(seen.map(\.answer.status) == [503, 200, 200])
            #expect(seen[1].answer.text == seen[2].answer.text && seen[1].answer.text.contains(#""result":1"#))
        }
    }

    // MARK: Time

    /// What rules made wait had counted as the peer's time, and the connection ended as one that was too slow.
    @Test func `a slow handshake is longer than a handshake may take`() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("timeouts: { handshake: 1s }\n", to: "fauxguard.yaml")
        try await ServerProcess.serve(arguments: ["--config", file]) { server in
            let admin = AdminPlane(server)
            for rule in [
                FaultRule.json("tls.slow", with: ["gap": "700ms"]),
                FaultRule.json("tcp.delay", with: ["latency": "300ms"]),
            ] { #expect(try await admin.post(Self.lab + "/faults", rule).status == 201) }
            let begin = ContinuousClock.now
            let request = try Repository.fixture("polling.request.json")
            #expect(try await Curl(server).post(request).status == 200)
            #expect(.now - begin > .seconds(2))
        }
    }

    @Test func `an effect lasts by the host's clock, whatever the lab's shows`() async throws {
        try await Self.serve(rules: [FaultRule.json("http.delay", with: ["latency": "300ms"])]) { server, admin in
            let frozen = #"{"mode":"frozen","now":"2027-03-01T12:00:00Z"}"#
            #expect(try await admin.call("PUT", Self.lab + "/clock", frozen).status == 200)
            let request = try Repository.fixture("polling.request.json")
            let seen = try await Self.converse(server, [(request, [])])
            #expect(seen[0].answer.status == 200 && seen[0].time >= .milliseconds(300))
        }
    }

    /// Licenses had been noted only while a rule asked for one.
    @Test func `an address is known by the licenses of what it said before a rule asked`() async throws {
        let first = FaultRule.json("tcp.close", named: "first", when: ["serial": "FGT60FTK20000001"])
        try await Self.serve(rules: [first]) { server, admin in
            let request = try Repository.fixture("polling.request.json")
            #expect(try await Curl(server).post(request).status == 200)
            let rule =
                FaultRule.json(
                    "tcp.close",
                    named: "late",
                    with: ["after": "accept"],
                    when: ["license": "FTMTRIAL02062407"]
                )
            #expect(try await admin.post(Self.lab + "/faults", rule).status == 201)
            #expect(try await Curl(server).run([], path: Curl.page).status != 0)
            #expect(try await admin.get(Self.lab + "/faults/late").int("acted") == 1)
        }
    }

    // MARK: What it says of an answer that is none of the service's

    /// A block page with status 200 had passed for an answer without a code, which scripts take for a success.
    @Test(arguments: [
        FaultRule.json("http.blockPage", with: ["vendor": "webfilter"]),
        FaultRule.json("http.status", with: ["code": 200]),
        FaultRule.json("http.empty", when: ["path": "/*"]),
    ])
    func `status 200 that a rule made is no success in the journal`(rule: String) async throws {
        try await Self.serve(rules: [rule]) { server, admin in
            // Not JSON: the service says 500.
            #expect(try await Curl(server).post("{").status == 200)
            try await admin.whenIdle()
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
    @Test(arguments: [["license": "FTMTRIAL02062407"], [:]])
    func `a request that a rule answered is found by the license that it is about`(match: [String: String]) async throws
    {
        let rule = FaultRule.json("http.status", named: "busy", with: ["code": 503], when: match)
        try await Self.serve(rules: [rule]) { server, admin in
            let request = try Repository.fixture("polling.request.json")
            #expect(try await Curl(server).post(request).status == 503)
            try await admin.whenIdle()
            let records = try await admin.get(Self.lab + "/journal?license=FTMTRIAL02062407&rule=busy")
            #expect(records.int("items.0.exchanges.0.status") == 503, "\(records.text)")
        }
    }
}
