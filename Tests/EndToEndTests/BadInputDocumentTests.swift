import Foundation
import TestKit
import Testing

@Suite(.timeLimit(.minutes(1))) struct BadInputDocumentTests {
    /// One document and what came of it.
    private struct Exchange: Sendable {
        let document: [UInt8]
        let answer: HTTPAnswer
    }

    /// Refused whatever they are posted to; each is one way to be no JSON, or no object with an object `d`.
    static let unreadable: [String] = [
        "", " ", "null", "true", "0", "\"d\"", "[]", "[{\"d\":{}}]", "{}", "{\"d\":null}",
        "{\"d\":[]}", "{\"d\":\"x\"}", "{\"d\":1}", "{\"D\":{}}", "{\"d\":{}", "{\"d\":{}}}", "{\"d\":{}} x",
        "{\"d\":{}}{\"d\":{}}", "{'d':{}}", "{d:{}}", "{\"d\":{},}", "{\"d\":{\"a\":1,}}", "{\"d\":{\"a\"}}",
        "{\"d\":{\"a\":}}", "{\"d\":{:1}}", "{\"d\":{\"a\" 1}}", "{\"d\":{\"a\":01}}", "{\"d\":{\"a\":+1}}",
        "{\"d\":{\"a\":.5}}", "{\"d\":{\"a\":1.}}", "{\"d\":{\"a\":1e}}", "{\"d\":{\"a\":0x1}}", "{\"d\":{\"a\":NaN}}",
        "{\"d\":{\"a\":Infinity}}", "{\"d\":{\"a\":tru}}", "{\"d\":{\"a\":TRUE}}", "{\"d\":{\"a\":\"\\x\"}}",
        "{\"d\":{\"a\":\"\\u12G4\"}}", "{\"d\":{\"a\":\"\\ud800\"}}", "{\"d\":{\"a\":\"\\udc00\\ud800\"}}",
        "{\"d\":{\"a\":\"\n\"}}", "{\"d\":{\"a\":\"\u{0}\"}}", "{\"d\":{\"a\":\"unfinished", "{\"d\":{}/**/}",
        "{\"d\":{}}\u{0}", "{\"d\":{\"a\":1,\"a\":2}}", "{\"d\":{},\"d\":{}}", "{\"d\":{\"a\":1,\"\\u0061\":2}}",
        "{\"d\":" + String(repeating: "{\"d\":", count: 2000) + "0" + String(repeating: "}", count: 2001),
        "{\"d\":{\"a\":" + String(repeating: "[", count: 100_000),
    ]

    @Test func `what is no JSON is answered as ASP.NET would`() async throws {
        let server = try await ServerProcess.start()
        var documents = Self.unreadable.map { Array($0.utf8) }
        // Not UTF-8: a stray continuation, an overlong slash, a surrogate, beyond Unicode, one cut short.
        for bytes: [UInt8] in [[0x80], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82]] {
            documents.append(Array("{\"d\":{\"a\":\"".utf8) + bytes + Array("\"}}".utf8))
        }
        for exchange in try await Self.post(documents, to: server) {
            let text = String(decoding: exchange.document.prefix(60), as: UTF8.self)
            #expect(exchange.answer.status == 500, "\(text)")
            #expect(exchange.answer.value(of: "jsonerror") == "true", "\(text)")
            let body = try #require(Self.object(exchange.answer.body), "\(text)")
            #expect(Set(body.keys) == ["Message", "StackTrace", "ExceptionType"], "\(text)")
            #expect(body["StackTrace"] is NSNull, "\(text)")
        }
        try await server.terminate()
    }

    @Test func `a document damaged at random is answered by the book, and its neighbours are not disturbed`()
        async throws
    {
        let seed = UInt64(ProcessInfo.processInfo.environment["FAUXGUARD_TEST_SEED"] ?? "") ?? 20_260_101
        var random = SeededRandom(seed: seed)
        let documents = (0..<600).map { _ in Self.damaged(using: &random) }
        let server = try await ServerProcess.start()
        let exchanges = try await Self.post(documents, to: server)
        #expect(exchanges.count == documents.count)
        var counts: [Int: Int] = [:]
        for exchange in exchanges {
            counts[exchange.answer.status, default: 0] += 1
            let hint = "seed \(seed): \(String(decoding: exchange.document, as: UTF8.self))"
            let body = try #require(Self.object(exchange.answer.body), "\(hint)")
            switch exchange.answer.status {
            case 200:
                #expect(Self.object(exchange.document) != nil, "accepted what Foundation refuses: \(hint)")
                let d = try #require(body["d"] as? [String: Any], "\(hint)")
                #expect(d["error"] is NSNull || Self.codes.contains(Self.code(of: d) ?? 0), "\(hint)")
            case 500:
                #expect(exchange.answer.value(of: "jsonerror") == "true", "\(hint)")
            default:
                Issue.record("status \(exchange.answer.status): \(hint)")
            }
        }
        #expect(
            counts[200, default: 0] > 50 && counts[500, default: 0] > 50,
            "the damage is of one kind only: \(counts)"
        )
        try await server.terminate()
    }

    /// Every code that the service may put at an answer's top (docs/protocol.md section 6).
    static let codes: Set<Int> = [14, 16, 17, 21, 40, 901, 902, 903, 904]

    static func code(of d: [String: Any]) -> Int? {
        (d["error"] as? [String: Any])?["error_code"] as? Int
    }

    static func object(_ bytes: [UInt8]) -> [String: Any]? {
        (try? JSONSerialization.jsonObject(with: Data(bytes))) as? [String: Any]
    }

    /// Posts all documents over one connection, each behind the other's answer, with a good one between them.
    private static func post(_ documents: [[UInt8]], to server: ServerProcess) async throws -> [Exchange] {
        try await Blocking.run {
            let client = try server.connect()
            defer { client.close() }
            return try documents.enumerated()
                .map { index, document in
                    let head =
                        "POST \(TestClient.process) HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(document.count)\r\n\r\n"
                    try client.send(Array(head.utf8) + document)
                    let answer = try client.answer()
                    if index % 20 == 0 {
                        let good = try client.post(Self.poll)
                        guard good.status == 200, good.text.contains("FTMTRIAL02062407") else {
                            throw TestKitError("a good request after document \(index) got \(good.status) \(good.text)")
                        }
                    }
                    return Exchange(document: document, answer: answer)
                }
        }
    }

    private static let poll = """
        {"d":{"__type":"SoftToken.PollingRequest","serial_number":"FGT3HD3915801656","tokens":[{"token":"FTKMOB83712DC7FE"}]}}
        """

    private static let seeds: [String] = [
        poll,
        """
        {"d": {"__type":"SoftToken.ProvisionRequest","__version":"4","__device_version":"7.0","__device_build":"2573",\
        "serial_number":"FG100FTK20009876","__clustered_sns":[{"sn":"FG100FTK20009876"}],"tokens":[{"token":\
        "FTKMOB947FDC1754","seed":"00112233445566778899AABBCCDDEEFF00112233","code_expire":4320,"type":"totp",\
        "period":60,"digits":6}]}}
        """,
        """
        {"d":{"__type":"SoftToken.ActivationLicenseRequest","license_activation_code":"1A2B-3C4D-5E6F-7081-92A3",\
        "serial_number":"FG100FTK20009876","extra":{"deep":[1,-2.5e3,true,null,"\\u00e9\\n"]}}}
        """,
    ]

    private static let snippets: [String] = [
        "\"", "\\", "{", "}", "[", "]", ":", ",", "null", "true", "-", "e9", "\\u", "\\ud83d\\ude00", "\t", "\u{0}",
        "\u{7F}",
        "\"d\":{}", "\"__type\":1", "999999999999999999999", "\u{1F600}",
    ]

    /// A good document with one to three wounds: bytes flipped, cut, doubled, or something pushed in.
    private static func damaged(using random: inout SeededRandom) -> [UInt8] {
        var bytes = Array(seeds[random.number(0...seeds.count - 1)].utf8)
        for _ in 0..<random.number(1...3) where !bytes.isEmpty {
            let place = random.number(0...bytes.count - 1)
            switch random.number(0...5) {
            case 0: bytes[place] ^= 1 << UInt8(random.number(0...7))
            case 1: bytes.removeSubrange(place..<min(bytes.count, place + random.number(1...12)))
            case 2: bytes = Array(bytes[..<place])
            case 3:
                let piece = bytes[place..<min(bytes.count, place + random.number(1...40))]
                bytes.insert(contentsOf: Array(piece), at: place)
            case 4: bytes.insert(contentsOf: random.bytes(random.number(1...4)), at: place)
            default: bytes.insert(contentsOf: snippets[random.number(0...snippets.count - 1)].utf8, at: place)
            }
        }
        return bytes
    }
}
