import Foundation
import Testing

@testable import Journal

@Suite struct JournalRecordTests {
    private static func record(
        request: String = #"{"d":{"seed":"secret"}}"#,
        _ change: (Journal, ConnectionOpening) -> Void = { _, _ in }
    ) throws -> JournalRecord {
        let journal = Sample.journal()
        let opening = Sample.opening(7)
        journal.post(
            Sample.exchange(code: 17, tokens: [(Sample.token, 31), ("odd", nil)]),
            on: opening,
            request: Array(request.utf8),
            time: Sample.start + 1_234
        )
        change(journal, opening)
        return try #require(journal.record(id: 7))
    }

    private static func object(_ bytes: [UInt8]) throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }

    @Test func `an open connection with an exchange`() throws {
        let text = String(decoding: try Self.record().json(), as: UTF8.self)
        #expect(
            text == """
                {"id":7,"lab":"default","listener":"main","client":"127.0.0.1","port":40000,\
                "accepted":"2026-11-27T19:00:00.000Z","labTime":"2026-11-27T19:00:00Z","stage":"answer","outcome":null,\
                "reason":null,"sni":"globalftm.fortinet.net","ja4":"t13d1516h2_8daaf6152771_e5627efa2ab1",\
                "tls":{"version":"TLSv1.3","cipher":"TLS_AES_256_GCM_SHA384","alpn":"http/1.1","resumed":false},\
                "clientCertificate":null,"alert":null,"timings":{"hello":120,"handshake":900,"total":null},\
                "bytes":{"in":null,"out":null},"rules":[],"nearMisses":[],"verdict":null,"exchanges":[{"id":1,\
                "at":"2026-11-27T19:00:01.234Z","labTime":"2026-11-27T19:00:00Z","lab":"default","method":"POST",\
                "path":"/SoftToken/Provisioning.asmx/Process","status":200,"type":"PollingRequest",\
                "serial":"FGT60FTK20000001","license":"EFTM000000000001","code":17,"reason":null,\
                "tokens":[{"token":"FTKMOB947FDC1754","code":31},{"token":"odd","code":null}],"rules":[],"nearMisses":[],\
                "microseconds":250,\
                "request":{"bytes":94},"answer":{"bytes":58}}]}
                """
        )
    }

    @Test func `its end brings the rest`() throws {
        let record = try Self.record { journal, opening in
            journal.end(opening, .broken, alert: "bad_record_mac") { $0.reason = "say \"why\"" }
        }
        let object = try Self.object(record.json())
        #expect(object["outcome"] as? String == "broken")
        #expect(object["reason"] as? String == "say \"why\"")
        #expect(object["alert"] as? [String: String] == ["name": "bad_record_mac", "direction": "received"])
        #expect(object["bytes"] as? [String: Int] == ["in": 1_080, "out": 2_772])
        #expect((object["timings"] as? [String: Any])?["total"] as? Int == 12_000)
    }

    @Test func `bodies are shown when asked for, secrets only when asked for too`() throws {
        let record = try Self.record()
        #expect(!String(decoding: record.json(), as: UTF8.self).contains("head"))
        #expect(record.text().contains(#""body":"{\"d\":{\"seed\":\"***\"}}""#))
        #expect(
            record.text()
                .contains(#""head":"POST /SoftToken/Provisioning.asmx/Process HTTP/1.1\r\nHost: localhost\r\n\r\n""#)
        )
        #expect(record.text(secrets: true).contains(#""body":"{\"d\":{\"seed\":\"secret\"}}""#))
    }

    @Test func `bytes that are no text are shown in Base64`() throws {
        let journal = Sample.journal()
        journal.post(Sample.exchange(), on: Sample.opening(1), request: [0xFF, 0xFE, 0x80])
        let text = try #require(journal.record(id: 1)).text()
        #expect(text.contains(#""bodyBase64":"//6A""#))
        #expect(!text.contains(#""body":"","bodyBase64""#))
    }

    @Test func `as lines, each exchange and the connection stand alone`() throws {
        let record = try Self.record { journal, opening in
            journal.post(Sample.exchange(on: 7), on: opening)
            journal.end(opening)
        }
        let lines = record.ndjson(JournalDetail(showsBodies: true)).split(separator: 0x0A).map(Array.init)
        let objects = try lines.map(Self.object)
        #expect(objects.map { $0["kind"] as? String } == ["exchange", "exchange", "connection"])
        #expect(objects.map { $0["connection"] as? Int } == [7, 7, nil])
        #expect(objects[2]["exchanges"] == nil)
        #expect(objects[2]["outcome"] as? String == "closed")
        #expect(!lines.contains { String(decoding: $0, as: UTF8.self).contains("secret") })
    }

    @Test func `as an HTTP archive, it is one that tools read`() throws {
        let record = try Self.record()
        let log = try #require(try Self.object(record.har(version: "1.0", JournalDetail()))["log"] as? [String: Any])
        #expect(log["version"] as? String == "1.2")
        #expect(log["creator"] as? [String: String] == ["name": "FauxGuard", "version": "1.0"])
        let entries = try #require(log["entries"] as? [[String: Any]])
        let entry = try #require(entries.first)
        #expect(entries.count == 1)
        #expect(entry["startedDateTime"] as? String == "2026-11-27T19:00:01.234Z")
        let request = try #require(entry["request"] as? [String: Any])
        #expect(request["method"] as? String == "POST")
        #expect(request["url"] as? String == "https://localhost/SoftToken/Provisioning.asmx/Process")
        #expect(request["httpVersion"] as? String == "HTTP/1.1")
        #expect(request["headers"] as? [[String: String]] == [["name": "Host", "value": "localhost"]])
        #expect((request["postData"] as? [String: Any])?["text"] as? String == #"{"d":{"seed":"***"}}"#)
        #expect(request["bodySize"] as? Int == 23)
        let response = try #require(entry["response"] as? [String: Any])
        #expect(response["status"] as? Int == 200)
        #expect(response["statusText"] as? String == "OK")
        let content = try #require(response["content"] as? [String: Any])
        #expect(content["mimeType"] as? String == "application/json")
        #expect(content["text"] as? String == "{\"d\":2}")
        #expect(content["size"] as? Int == 7)
    }

    @Test func `a request that was not understood is exported all the same`() throws {
        let journal = Sample.journal()
        var exchange = ExchangeRecord(connection: 1)
        exchange.status = 400
        exchange.reason = "bare-lf"
        let (request, answer) = (Array("GARBAGE\n\n".utf8), Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8))
        journal.record(
            &exchange,
            of: Sample.opening(1, sni: nil),
            request: request.span,
            head: request.count,
            answer: answer.span,
            head: answer.count,
            time: 0,
            microseconds: 0,
            loop: 0
        )
        let record = try #require(journal.record(id: 1))
        #expect(record.text().contains(#""method":null,"path":null,"status":400"#))
        #expect(throws: Never.self) { try Self.object(record.har(version: "1.0", JournalDetail())) }
    }
}

@Suite struct TokenNotesTests {
    @Test func `notes come out as they went in`() throws {
        var exchange = Sample.exchange(tokens: [(Sample.token, nil), (Sample.token, 31), ("", 904)])
        exchange.tokens.append(named: nil, code: -5)
        #expect(
            exchange.tokens.all == [
                .init(token: Sample.token, code: nil), .init(token: Sample.token, code: 31),
                .init(token: "", code: 904),
                .init(token: nil, code: -5),
            ]
        )
        exchange.begin(on: 9)
        #expect(exchange.tokens.all.isEmpty)
        #expect(exchange.connection == 9)
        #expect(exchange.method.isEmpty)
    }

    @Test func `thousands of tokens are cut, and say so`() {
        let exchange = Sample.exchange(tokens: Array(repeating: (Sample.token, nil), count: 3_000))
        #expect(exchange.tokens.isCut)
        #expect((700...800).contains(exchange.tokens.all.count))
    }

    @Test func `bytes cut anywhere give whole notes`() {
        let bytes = Sample.exchange(tokens: [(Sample.token, 31), (Sample.token, 17)]).tokens.bytes
        for count in 0...bytes.count {
            let notes = TokenNotes(bytes: Array(bytes.prefix(count))).all
            #expect(notes.count == count / 21)
        }
    }
}
