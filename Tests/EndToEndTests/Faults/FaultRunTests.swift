import Foundation
import TestKit
import Testing

/// Rules over a whole run: the same again with the same seed, and gone when their time is over.
@Suite("Fault runs", .timeLimit(.minutes(2)))
struct FaultRunTests {
    private static let faults = AdminPlane.lab() + "/faults"

    @Test func `one seed and one sequence of requests give one canonical journal, on one loop and on several`()
        async throws
    {
        let first = try await Self.journal(ofRunWith: 7)
        let again = try await Self.journal(ofRunWith: 7)
        #expect(first == again)
        for rule in ["flaky", "bad-certificate", "bound"] { #expect(first.contains(rule), "\(first)") }
        #expect(try await Self.journal(ofRunWith: 7, loops: 3) == first)
        #expect(try await Self.journal(ofRunWith: 8) != first)
    }

    /// Twenty requests of three clients under rules of chance, counts, certificates and addresses.
    private static func journal(ofRunWith seed: Int, loops: Int = 1) async throws -> String {
        var journal = ""
        try await ServerProcess.serve(
            arguments: ["--seed", "\(seed)", "--loops", "\(loops)"],
            environment: ["FAUXGUARD_PKI_PROFILES": Repository.profiles]
        ) { server in
            let admin = AdminPlane(server)
            for rule in [
                FaultRule.json("http.status", named: "flaky", with: ["code": 503], probability: 0.5),
                FaultRule.json(
                    "http.delay",
                    named: "slow",
                    with: ["latency": "5ms", "jitter": "5ms"],
                    skip: 3,
                    times: 4
                ),
                FaultRule.json(
                    "tls.slow",
                    named: "bound",
                    with: ["gap": "5ms"],
                    when: ["serial": "FGT3HD3915801999"],
                    skip: 1,
                    times: 3
                ),
                FaultRule.json(
                    "tls.certificate",
                    named: "bad-certificate",
                    with: ["profile": "expired"],
                    when: ["client": "127.0.0.3"],
                    times: 2
                ),
            ] {
                let added = try await admin.post(Self.faults, rule)
                try #require(added.status == 201, "\(added.text)")
            }
            let request = try Repository.fixture("polling.request.json")
            for number in 0..<20 {
                let client = 1 + number % 3
                // The second one has a unit of its own, which its address can tell.
                let body =
                    client == 2
                    ? request.replacingOccurrences(of: "FGT3HD3915801656", with: "FGT3HD3915801999") : request
                let options = ["--interface", "127.0.0.\(client)", "--data-binary", "@-"]
                _ = try await Curl(server).run(options, input: body)
            }
            try await admin.whenIdle()
            journal = try await admin.get(AdminPlane.lab() + "/journal?form=canonical").text
        }
        return journal
    }

    @Test func `a rule for ten minutes is gone after an advance of 600 seconds`() async throws {
        try await ServerProcess.serve { server in
            let admin = AdminPlane(server)
            // A clock that runs passes the last second by itself on a busy machine.
            let frozen = #"{"mode":"frozen","now":"2027-03-01T12:00:00Z"}"#
            #expect(try await admin.call("PUT", AdminPlane.lab() + "/clock", frozen).status == 200)
            let rule = FaultRule.json("http.status", named: "short", with: ["code": 503], for: "10m")
            #expect(try await admin.post(Self.faults, rule).status == 201)
            let request = try Repository.fixture("polling.request.json")
            #expect(try await Curl(server).post(request).status == 503)
            _ = try await admin.post(AdminPlane.lab() + "/clock/advance", #"{"seconds":599}"#)
            #expect(try await Curl(server).post(request).status == 503)
            _ = try await admin.post(AdminPlane.lab() + "/clock/advance", #"{"seconds":1}"#)
            #expect(try await Curl(server).post(request).status == 200)
            #expect(try await admin.get(Self.faults).strings("items") == [])
        }
    }

    @Test func `a port that is refused for a time opens again when the lab's clock has passed it`() async throws {
        try await ServerProcess.serve { server in
            let admin = AdminPlane(server)
            #expect(try await Curl(server).run([], path: Curl.page).status == 0)
            let added = try await admin.post(Self.faults, FaultRule.json("tcp.refuse", named: "down", for: "1h"))
            #expect(added.status == 201, "\(added.text)")
            #expect(try await Curl(server).run([], path: Curl.page).status == 7)
            _ = try await admin.post(AdminPlane.lab() + "/clock/advance", #"{"seconds":3600}"#)
            #expect(try await Curl(server).run([], path: Curl.page).status == 0)
        }
    }

    /// The answer that a rule had made, and the refusal of the service, stood for the next request of the connection
    /// too.
    @Test(arguments: [
        FaultRule.json("http.status", named: "once", with: ["code": 503]),
        FaultRule.json("service.error", named: "once", with: ["code": 14]),
    ])
    func `what a rule did to one exchange is over with it, also when the rule is gone meanwhile`(rule: String)
        async throws
    {
        try await ServerProcess.serve { server in
            let admin = AdminPlane(server)
            #expect(try await admin.post(Self.faults, rule).status == 201)
            let request = try Repository.fixture("polling.request.json")
            let (first, second) = try await Blocking.run {
                let client = try server.connect()
                let first = try client.post(request)
                let plane = try TestClient.admin(of: server)
                try plane.send("DELETE \(Self.faults) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                _ = try plane.receiveToEnd()
                return (first, try client.post(request))
            }
            #expect(first.status == 503 || first.text.contains(#""error_code":14"#))
            #expect(second.status == 200 && second.text.contains(#""result":1"#), "\(second.text)")
        }
    }

    /// The record had counted from the end of the delay.
    @Test func `an exchange's time in the journal counts from its request's last byte, the delay included`()
        async throws
    {
        try await ServerProcess.serve { server in
            let admin = AdminPlane(server)
            let rule = FaultRule.json("http.delay", with: ["latency": "300ms"])
            #expect(try await admin.post(Self.faults, rule).status == 201)
            let request = try Repository.fixture("polling.request.json")
            #expect(try await Curl(server).post(request).status == 200)
            let records = try await admin.get(AdminPlane.lab() + "/journal?type=PollingRequest")
            let time = try #require(records.int("items.0.exchanges.0.microseconds"), "\(records.text)")
            #expect(time >= 300_000)
        }
    }

    /// close_notify had left whole when only a part of it, or nothing, was still allowed.
    @Test func `a limit holds for what is sent after the answer, too`() async throws {
        try await ServerProcess.serve { server in
            let admin = AdminPlane(server)
            func bytesOut() async throws -> Int {
                _ = try await admin.call("DELETE", AdminPlane.lab() + "/journal")
                _ = try await Curl(server).run(["--header", "Connection: close"], path: Curl.page)
                let patience = Deadline(in: .seconds(10))
                while true {
                    let record = try await admin.get(AdminPlane.lab() + "/journal")
                    if let bytes = record.int("items.0.bytes.out") { return bytes }
                    try #require(!patience.hasPassed, "\(record.text)")
                }
            }
            // close_notify is a record of 24 bytes: of one run's bytes it leaves 4, 2, or none. A signature or a
            // session ticket may be longer or shorter the next time; the limit then falls beside, and holds all the
            // same.
            let whole = try await bytesOut()
            for cut in [20, 22, 24, 26] {
                _ = try await admin.call("DELETE", Self.faults)
                let added = try await admin.post(
                    Self.faults,
                    FaultRule.json("tcp.limit", with: ["bytes": whole - cut])
                )
                #expect(added.status == 201, "\(added.text)")
                #expect(try await bytesOut() == whole - cut)
            }
        }
    }

    @Test func `stalled and delayed connections end with the server`() async throws {
        let server = try await ServerProcess.start()
        let admin = AdminPlane(server)
        for rule in [
            FaultRule.json("http.hang", when: ["client": "127.0.0.2"]),
            FaultRule.json("tls.stall", when: ["client": "127.0.0.3"]),
            FaultRule.json("tcp.blackhole", when: ["client": "127.0.0.4"]),
        ] { #expect(try await admin.post(Self.faults, rule).status == 201) }
        let waiting = (2...4)
            .map { host in
                Task { try await Curl(server).run(["--interface", "127.0.0.\(host)"], path: Curl.page).status }
            }
        try await Deadline(in: .seconds(10))
            .wait(until: "three rules that acted") {
                try await admin.get(Self.faults).text.components(separatedBy: #""acted":1"#).count == 4
            }
        // Its own deadline is the test: nothing of these is waited for.
        try await server.terminate()
        for client in waiting { #expect(try await client.value != 0) }
    }
}
