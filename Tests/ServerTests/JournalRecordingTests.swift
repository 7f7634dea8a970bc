import HTTP
import IO
import Journal
import Lab
import Server
import TLS
import TestKit
import Testing

/// What the data plane records, over real sockets.
@Suite("Journal recording", .timeLimit(.minutes(1))) struct JournalRecordingTests {
    @Test func `an exchange is in the journal before its answer arrives`() async throws {
        let world = try await JournalWorld()
        let journal = world.journal
        try await world.client { client in
            for round in 1...50 {
                _ = try client.post(WireMessage.polling())
                #expect(journal.latest == UInt64(round))
                #expect(journal.events(after: UInt64(round - 1), limit: 10).events.count == 1)
            }
        }
        await world.stop()
    }

    @Test func `a connection's record says who came, how, and what was said`() async throws {
        let world = try await JournalWorld()
        let sent = WireMessage.provision(["FTKMOB0000000001", "FTKMOB0000000002"])
        let port = try await world.client { client in
            _ = try client.post(WireMessage.activation())
            _ = try client.post(sent)
            return client.port
        }
        let record = try #require(try await world.records(1, [("outcome", "closed")]).first)
        #expect(record.opening.lab == "default")
        #expect(record.opening.listener == "main")
        #expect(record.opening.peer.description == "127.0.0.1:\(port)")
        #expect(record.opening.serverName == "globalftm.fortinet.net")
        #expect(record.opening.labTime == JournalWorld.now)
        #expect(record.opening.ja4?.wholeMatch(of: /t13d\d{4}h1_[0-9a-f]{12}_[0-9a-f]{12}/) != nil)
        #expect(record.opening.handshake?.version == "TLSv1.3")
        #expect(record.opening.handshake?.cipher == "TLS_AES_256_GCM_SHA384")
        #expect(record.opening.handshake?.applicationProtocol == "http/1.1")
        #expect(record.opening.handshake?.isResumed == false)
        #expect(record.opening.helloMicroseconds != nil)
        #expect(record.opening.handshakeMicroseconds != nil)
        let end = try #require(record.end)
        #expect(end.exchanges == 2)
        #expect(end.bytesIn > 1_000)
        #expect(end.bytesOut > 2_000)
        #expect(end.alert == nil)
        #expect(record.exchanges.map(\.sequence) == [1, 2])
        let text = String(decoding: record.json(JournalDetail(showsBodies: true, showsSecrets: true)), as: UTF8.self)
        #expect(
            text.contains("\"type\":\"ActivationLicenseRequest\",\"serial\":\"FGT60FTK20000001\",\"license\":\"EFTM")
        )
        #expect(text.contains("\"type\":\"ProvisionRequest\""))
        #expect(text.contains("{\"token\":\"FTKMOB0000000001\",\"code\":31}"))
        #expect(text.contains("\"code\":17,"))
        #expect(text.contains("\"head\":\"POST /SoftToken/Provisioning.asmx/Process HTTP/1.1\\r\\nHost: localhost"))
        #expect(text.contains("\"body\":\"" + sent.replacing("\"", with: "\\\"") + "\""))
        #expect(text.contains("\"head\":\"HTTP/1.1 200 OK\\r\\nServer: FauxGuard"))
        let hidden = String(decoding: record.json(JournalDetail(showsBodies: true)), as: UTF8.self)
        #expect(!hidden.contains(WireMessage.seed))
        #expect(!hidden.contains("0F1E-2D3C"))
        await world.stop()
    }

    @Test func `a moved exchange is the other lab's, and the connection's end the listener's`() async throws {
        let world = try await JournalWorld()
        try await world.client { client in
            let fields = ["X-FauxGuard-Lab: other"]
            try client.send(TestClient.post(WireMessage.polling(), fields: fields))
            _ = try client.answer()
            try client.send(TestClient.post(WireMessage.polling(), fields: ["X-FauxGuard-Lab: nobody"]))
            #expect(try client.answer().status == 421)
        }
        let own = try #require(try await world.records(1, [("outcome", "closed")]).first)
        #expect(own.exchanges.count == 1)
        #expect(String(decoding: own.json(), as: UTF8.self).contains("\"status\":421"))
        let moved = try #require(world.labs[1].journal.record(id: own.id))
        #expect(moved.exchanges.map(\.lab) == ["other"])
        #expect(moved.opening.lab == "default")
        #expect(moved.end == nil)
        #expect(world.labs[1].journal.latest == 1)
        await world.stop()
    }

    @Test func `a failed handshake is recorded with its alert and who sent it`() async throws {
        let world = try await JournalWorld()
        let port = world.port
        let stranger = try await Blocking.run {
            let folder = try TemporaryFolder()
            return try PKI.open(at: folder.path(of: "pki"), names: [], now: JournalWorld.now - 86_400).authority
        }
        try await Blocking.run {
            let client = try TestClient(port: port)
            #expect(throws: TestClientError.self) {
                try client.startTLS(trusting: try ClientContext(trustAnchors: stranger), name: "localhost")
            }
            client.close()
        }
        let record = try #require(try await world.records(1, [("alert", "unknown_ca")]).first)
        #expect(record.end?.outcome == .handshakeFailed)
        #expect(record.end?.alert == .init(name: "unknown_ca", direction: "received"))
        #expect(record.opening.handshake == nil)
        #expect(record.opening.serverName == "localhost")
        #expect(record.opening.helloMicroseconds != nil)
        #expect(record.opening.handshakeMicroseconds == nil)
        #expect(record.exchanges.isEmpty)
        await world.stop()
    }

    @Test(
        arguments: [
            ("GET / HTTP/1.1\r\n\r\n", "not-tls", nil), ("SSH-2.0-x\r\n", "not-tls", "unexpected_message"),
            ("\u{16}\u{3}\u{1}\u{0}\u{0}", "not-tls", "unexpected_message"), ("", "peer-closed", nil),
        ] as [(String, String, String?)]
    )
    func `a connection that never was TLS is recorded`(opening: String, outcome: String, alert: String?) async throws {
        let world = try await JournalWorld()
        let port = world.port
        try await Blocking.run {
            let client = try TestClient(port: port)
            try client.sendRaw(Array(opening.utf8))
            client.finishSending()
            _ = try client.receiveToEnd()
        }
        let record = try #require(try await world.records(1, [("outcome", outcome)]).first)
        #expect(record.end?.alert?.name == alert)
        #expect(record.opening.ja4 == nil)
        await world.stop()
    }

    @Test func `a request that was not understood is recorded as it came`() async throws {
        let world = try await JournalWorld()
        try await world.client { client in
            _ = try client.post(WireMessage.polling())
            try client.send("POST / HTTP/1.1\nHost: x\n\n")
            #expect(try client.answer().status == 400)
        }
        let record = try #require(try await world.records(1, [("outcome", "refused")]).first)
        #expect(record.exchanges.count == 2)
        let text = String(decoding: record.json(JournalDetail(showsBodies: true)), as: UTF8.self)
        #expect(text.contains("\"method\":\"POST\",\"path\":\"/\",\"status\":400"))
        #expect(text.contains("\"reason\":\"bare-lf\""))
        #expect(text.contains("\"head\":\"POST / HTTP/1.1\\nHost: x\\n\\n\",\"body\":\"\""))
        await world.stop()
    }

    @Test func `requests in one piece, in chunks and one behind the other each keep their own bytes`() async throws {
        let world = try await JournalWorld()
        try await world.client { client in
            let first = WireMessage.polling(["FTKMOB000000000A"])
            let second = WireMessage.polling(["FTKMOB000000000B"])
            let (front, back) = (second.prefix(40), second.dropFirst(40))
            let chunked =
                "POST \(TestClient.process) HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "\(String(front.utf8.count, radix: 16))\r\n\(front)\r\n\(String(back.utf8.count, radix: 16))\r\n\(back)\r\n0\r\n\r\n"
            try client.send(TestClient.post(first) + Array(chunked.utf8) + TestClient.post(first))
            for _ in 0..<3 { #expect(try client.answer().status == 200) }
            try client.send("HEAD /SoftToken/Provisioning.asmx HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try client.answer(hasBody: false).status == 200)
        }
        let record = try #require(try await world.records(1, [("outcome", "closed")]).first)
        let lines = record.ndjson(JournalDetail(showsBodies: true)).split(separator: 0x0A)
            .map { String(decoding: $0, as: UTF8.self) }
        #expect(lines.count == 5)
        for (line, token) in zip(lines, ["A", "B", "A"]) {
            #expect(line.contains("\"body\":\"{\\\"d\\\":{\\\"__type\\\":\\\"SoftToken.PollingRequest"))
            #expect(line.contains("\\\"tokens\\\":[{\\\"token\\\":\\\"FTKMOB000000000\(token)\\\"}]}}\"},\"answer\""))
            #expect(line.contains("\"tokens\":[{\"token\":\"FTKMOB000000000\(token)\",\"code\":31}]"))
        }
        #expect(lines[3].contains("\"method\":\"HEAD\""))
        #expect(lines[3].hasSuffix("\\r\\n\\r\\n\",\"body\":\"\"}}"))
        await world.stop()
    }

    @Test func `two runs of one seed and the same requests are equal to the byte`() async throws {
        var runs: [String] = []
        for _ in 0..<2 {
            let world = try await JournalWorld()
            for token in ["FTKMOB947FDC1754", "FTKMOB0000000001"] {
                try await world.client { client in
                    _ = try client.post(WireMessage.activation())
                    _ = try client.post(WireMessage.provision([token]))
                    _ = try client.post(WireMessage.polling([token]))
                }
            }
            _ = try await world.records(2, [("outcome", "closed")])
            runs.append(world.journal.canonical())
            await world.stop()
        }
        #expect(runs[0] == runs[1])
        #expect(runs[0].split(separator: "\n").count == 8)
    }

    @Test func `switched off, nothing is recorded and everything is answered`() async throws {
        var limits = JournalLimits()
        limits.entries = 0
        let world = try await JournalWorld(limits: limits)
        let status = try await world.client { try $0.post(WireMessage.polling()).status }
        #expect(status == 200)
        await world.stop()
        #expect(world.journal.latest == 0)
    }

    @Test func `what takes a wait keeps its request's bytes through it`() async throws {
        let world = try await JournalWorld(loops: 1)
        try await withThrowingTaskGroup { group in
            for client in 0..<8 {
                group.addTask {
                    try await world.client { connection in
                        for round in 0..<10 {
                            let token = "FTKMOB00000000\(client)\(round)"
                            _ = try connection.post(WireMessage.provision([token]))
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        let records = try await world.records(8, [("outcome", "closed")])
        for record in records {
            #expect(record.exchanges.count == 10)
            for line in record.ndjson(JournalDetail(showsBodies: true)).split(separator: 0x0A).dropLast() {
                let text = String(decoding: line, as: UTF8.self)
                let token = try #require(text.firstMatch(of: /"tokens":\[\{"token":"(FTKMOB\w{10})"/)?.output.1)
                #expect(
                    text.ranges(of: token).count == 3,
                    "noted, asked for and answered: \(text)"
                )
            }
        }
        await world.stop()
    }
}
