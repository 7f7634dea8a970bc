import Foundation
import HTTP
import IO
import Journal
import Lab
import Server
import TestKit
import Testing

/// What is told of requests that HTTP refused, or that broke off.
@Suite("Refused requests", .timeLimit(.minutes(1))) struct RefusedRequestTests {
    private static let long = String(repeating: "a", count: 20_000)

    /// Neither method nor path were told, the stage was the handshake's, and the archive was none.
    @Test(
        arguments: [
            ("POST /a HTTP/1.1\nHost: x\n\n", 400, "POST", "/a", "bare-lf"),
            (
                "POST /a?code=1 HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n", 413, "POST", "/a",
                "body-too-large"
            ),
            (
                "PUT /a HTTP/1.1\r\nHost: x\r\nExpect: 200-ok\r\nContent-Length: 1\r\n\r\n", 417, "PUT", "/a",
                "unknown-expectation"
            ),
            ("GET /a HTTP/1.1\r\nHost: x\r\nX: \(long)\r\n\r\n", 431, "GET", "/a", "head-too-large"),
            ("GET /\(long) HTTP/1.1\r\n\r\n", 414, "GET", "/aaa", "request-line-too-long"),
            ("CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", 501, "CONNECT", "a:443", "tunnel"),
            (
                "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501, "POST", "/a",
                "unsupported-transfer-coding"
            ),
            ("GET /a HTTP/2.0\r\nHost: x\r\n\r\n", 505, "GET", "/a", "unsupported-version"),
            (
                "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400, "POST", "/a",
                "bad-chunk-size"
            ),
            ("G\u{e9}T /a HTTP/1.1\r\n\r\n", 400, nil, nil, "bad-method"),
            ("PUT /late", 408, "PUT", "/late", "timeout"),
            (
                "PUT /late HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nfour", 408, "PUT", "/late", "timeout"
            ),
        ] as [(String, Int, String?, String?, String)]
    )
    func `whatever was read of it is told, behind a good request too`(
        request: String,
        status: Int,
        method: String?,
        path: String?,
        reason: String
    ) async throws {
        let world = try await JournalWorld(bounded: { limits in
            limits.headTimeout = .milliseconds(200)
            limits.bodyTimeout = .milliseconds(200)
        })
        for isSecond in [false, true] {
            try await world.client { client in
                let good = isSecond ? TestClient.post(WireMessage.polling()) : []
                try client.send(good + Array(request.utf8))
                if isSecond { #expect(try client.answer().status == 200) }
                #expect(try client.answer().status == status)
            }
        }
        for record in try await world.records(2, [("stage", "request")]) {
            let exchanges = try Self.json(record.json())["exchanges"] as? [[String: Any]]
            let told = try #require(exchanges?.last)
            #expect(told["status"] as? Int == status)
            #expect(told["reason"] as? String == reason)
            #expect(told["method"] as? String == method)
            let found = told["path"] as? String
            #expect(found == path || (status == 414 && found?.hasPrefix("/aaa") == true))
            #expect(record.end?.outcome == (reason == "timeout" ? .timedOut : .refused))
            try Self.checkArchive(record.har(version: "1", JournalDetail()))
        }
        await world.stop()
    }

    /// An upload that its client gave up was told as a handshake.
    @Test(
        arguments: [
            ("POST /up HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhello", "5 of 100 bytes"),
            ("POST /up HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "5 bytes"),
            ("POST /up HTTP/1.1\r\nHost: x\r\n", "a request's head"),
        ]
    )
    func `an upload that its client gave up is told as one`(request: String, words: String) async throws {
        let world = try await JournalWorld()
        try await world.client { client in
            try client.send(request)
            client.finishSending()
            _ = try client.receiveToEnd()
        }
        let record = try #require(try await world.records(1, [("stage", "request"), ("outcome", "broken")]).first)
        let text = String(decoding: record.json(JournalDetail(showsBodies: true)), as: UTF8.self)
        #expect(text.contains("\"method\":\"POST\",\"path\":\"/up\",\"status\":null"), "\(text)")
        #expect(record.end?.reason?.contains(words) == true, "\(String(describing: record.end?.reason))")
        if words.contains("bytes") { #expect(text.contains("\"body\":\"hello\""), "\(text)") }
        try Self.checkArchive(record.har(version: "1", JournalDetail()))
        await world.stop()
    }

    /// Its method was told as a question mark.
    @Test func `a method that nobody knows is told as it is`() async throws {
        let world = try await JournalWorld()
        try await world.client { client in
            try client.send("BREW /pot HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try client.answer().status == 404)
        }
        let record = try #require(try await world.records(1).first)
        #expect(String(decoding: record.json(), as: UTF8.self).contains("\"method\":\"BREW\",\"path\":\"/pot\""))
        await world.stop()
    }

    @Test func `a refused request is of the lab that it names`() async throws {
        let world = try await JournalWorld()
        try await world.client { client in
            let head = "POST /a HTTP/1.1\r\nHost: x\r\nX-FauxGuard-Lab: other\r\nTransfer-Encoding: chunked\r\n\r\n"
            try client.send(head + "zz\r\n")
            #expect(try client.answer().status == 400)
        }
        #expect(world.labs[1].journal.count(matching: JournalFilter(), as: .exchanges).observed == 1)
        await world.stop()
    }

    // MARK: - HAR 1.2

    private static func json(_ bytes: [UInt8]) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }

    /// Holds an archive against the members that HAR 1.2 requires.
    private static func checkArchive(_ bytes: [UInt8]) throws {
        let log = try #require(try json(bytes)["log"] as? [String: Any])
        #expect(log["version"] as? String == "1.2")
        let creator = try #require(log["creator"] as? [String: Any])
        #expect(creator["name"] is String && creator["version"] is String)
        let entries = try #require(log["entries"] as? [[String: Any]])
        #expect(!entries.isEmpty)
        for entry in entries {
            #expect(entry["startedDateTime"] is String && entry["time"] is Int && entry["cache"] is [String: Any])
            let timings = try #require(entry["timings"] as? [String: Any])
            for name in ["send", "wait", "receive"] { #expect(timings[name] is Int) }
            let request = try #require(entry["request"] as? [String: Any])
            let answer = try #require(entry["response"] as? [String: Any])
            #expect((request["method"] as? String)?.isEmpty == false)
            let url = try #require((request["url"] as? String).flatMap { URL(string: $0) }, "\(request)")
            #expect(url.scheme == "https" && url.host != nil, "\(url)")
            for message in [request, answer] {
                #expect((message["httpVersion"] as? String)?.isEmpty == false)
                #expect(message["cookies"] is [Any] && message["headersSize"] is Int && message["bodySize"] is Int)
                for header in try #require(message["headers"] as? [[String: Any]]) {
                    #expect(header["name"] is String && header["value"] is String)
                }
            }
            #expect(request["queryString"] is [Any])
            if let body = request["postData"] as? [String: Any] {
                #expect(body["mimeType"] is String && body["params"] is [Any] && body["text"] is String)
            }
            #expect(answer["status"] is Int && answer["statusText"] is String && answer["redirectURL"] is String)
            let content = try #require(answer["content"] as? [String: Any])
            #expect(content["size"] is Int && content["mimeType"] is String)
        }
    }
}
