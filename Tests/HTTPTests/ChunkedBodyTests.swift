import HTTP
import Testing

@Suite("Chunked bodies")
struct ChunkedBodyTests {
    private static let start = head("POST / HTTP/1.1", "Host: x", "Transfer-Encoding: chunked")

    @Test(arguments: [
        ("0\r\n\r\n", ""),
        ("000\r\n\r\n", ""),
        ("5\r\nhello\r\n0\r\n\r\n", "hello"),
        ("5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", "hello world"),
        ("1\r\na\r\n1\r\nb\r\n00001\r\nc\r\n0\r\n\r\n", "abc"),
        ("a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n", "01234567890123456789"),
        ("4\r\n\r\n\r\n\r\n0\r\n\r\n", "\r\n\r\n"),
        ("3;name=value\r\nabc\r\n0;last\r\n\r\n", "abc"),
        ("3;a=\"b;c\"\r\nabc\r\n0\r\n\r\n", "abc"),
        ("3; a = b ;c\r\nabc\r\n0;x=\"\\\"\\\\\";y\r\n\r\n", "abc"),
        ("3\r\nabc\r\n0\r\nTrailer: 1\r\nOther:\r\n\r\n", "abc"),
    ])
    func `the data of all chunks is joined in place`(body: String, data: String) throws {
        let request = try onlyRequest(Self.start + body)
        #expect(request.body == data)
        #expect(request.length == (Self.start + body).utf8.count)
        #expect(request.fields == ["Host=x", "Transfer-Encoding=chunked"])
    }

    @Test(arguments: [
        ("\r\n", Refusal.Rule.badChunkSize),
        (";a\r\n", .badChunkSize),
        // Taken for extensions until they were read: another reader could have ended the line elsewhere.
        ("3;\r\n", .badChunkExtension), ("3;;a\r\n", .badChunkExtension), ("3;=b\r\n", .badChunkExtension),
        ("3;a=\r\n", .badChunkExtension), ("3;a=b c\r\n", .badChunkExtension), ("3;a b\r\n", .badChunkExtension),
        ("3;a=\"b\r\n", .badChunkExtension), ("3;a=\"b\\\"\r\n", .badChunkExtension),
        ("3;a=\"b\"c\r\n", .badChunkExtension),
        ("3;a=b=c\r\n", .badChunkExtension), ("3;(\r\n", .badChunkExtension), ("0;a=\r\n", .badChunkExtension),
        ("+3\r\n", .badChunkSize), ("-3\r\n", .badChunkSize), (" 3\r\n", .badChunkSize), ("0x3\r\n", .badChunkSize),
        ("-1\r\n", .badChunkSize),
        ("+1\r\n", .badChunkSize),
        ("0x1\r\n", .badChunkSize),
        ("g\r\n", .badChunkSize),
        ("1 \r\na\r\n", .badChunkSize),
        ("1\t\r\na\r\n", .badChunkSize),
        (" 1\r\na\r\n", .badChunkSize),
        ("1 ;a\r\na\r\n", .badChunkSize),
        ("1,1\r\na\r\n", .badChunkSize),
        ("1\u{e9}\r\na\r\n", .badChunkSize),
        ("ffffffffffffffff\r\n", .badChunkSize),
        ("8000000000000000\r\n", .badChunkSize),
        ("10000000000000001\r\na\r\n", .badChunkSize),
        ("1\na\r\n0\r\n\r\n", .bareLineFeed),
        ("1\ra\r\n", .bareCarriageReturn),
        ("1;a\nb\r\na\r\n", .bareLineFeed),
        ("1;\u{0}\r\na\r\n", .controlByte),
        ("\u{0}1\r\na\r\n", .controlByte),
        ("1\r\nab\r\n", .badChunkEnd),
        ("1\r\na\n0\r\n\r\n", .badChunkEnd),
        ("1\r\na\r0\r\n\r\n", .badChunkEnd),
        ("1\r\na0\r\n\r\n", .badChunkEnd),
        ("2\r\na\r\n0\r\n\r\n", .badChunkEnd),
        ("0\r\n\n", .bareLineFeed),
        ("0\r\na: b\n\r\n", .bareLineFeed),
        ("0\r\n a: b\r\n\r\n", .foldedField),
        ("0\r\na: b\r\n c\r\n\r\n", .foldedField),
        ("0\r\na : b\r\n\r\n", .blankBeforeColon),
        ("0\r\n: b\r\n\r\n", .emptyFieldName),
        ("0\r\nab\r\n\r\n", .missingColon),
        ("0\r\nGET / HTTP/1.1\r\n\r\n", .badFieldName),
        ("0\r\na: \u{1}\r\n\r\n", .controlByte),
        ("0\r\nContent-Length: 5\r\n\r\n", .forbiddenTrailer),
        ("0\r\ntransfer-encoding: chunked\r\n\r\n", .forbiddenTrailer),
        ("0\r\nAuthorization: Bearer x\r\n\r\n", .forbiddenTrailer),
        ("0\r\nX-FauxGuard-Lab: b\r\n\r\n", .forbiddenTrailer),
        ("0\r\nContent-Type: a/b\r\n\r\n", .forbiddenTrailer),
        ("0\r\nContent-Encoding: gzip\r\n\r\n", .forbiddenTrailer),
        ("0\r\nConnection: close\r\n\r\n", .forbiddenTrailer), ("0\r\nExpect: 100-continue\r\n\r\n", .forbiddenTrailer),
        ("0\r\nHost: y\r\n\r\n", .forbiddenTrailer),
    ])
    func `a malformed chunk or trailer is refused`(body: String, rule: Refusal.Rule) {
        #expect(brokenRule(Self.start + body) == rule)
    }

    @Test func `sums of chunks are held against the body limit`() throws {
        let limits = RequestLimits(bodyBytes: 10)
        let full = "5\r\nhello\r\n5\r\nworld\r\n"
        #expect(try onlyRequest(Self.start + full + "0\r\n\r\n", limits: limits).body == "helloworld")
        #expect(brokenRule(Self.start + full + "1\r\n", limits: limits) == .bodyTooLarge)
        #expect(brokenRule(Self.start + "b\r\n", limits: limits) == .bodyTooLarge)
        #expect(brokenRule(Self.start + "fffffffffffffff\r\n", limits: limits) == .bodyTooLarge)
    }

    @Test func `a chunk line is bounded, its extensions included`() throws {
        let limits = RequestLimits(chunkLineBytes: 8)
        #expect(try onlyRequest(Self.start + "1;abcd\r\na\r\n0\r\n\r\n", limits: limits).body == "a")
        #expect(brokenRule(Self.start + "1;abcde\r\n", limits: limits) == .chunkLineTooLong)
        #expect(brokenRule(Self.start + "0000001\r", limits: limits) == .chunkLineTooLong)
        #expect(brokenRule(Self.start + "00000000", limits: limits) == .chunkLineTooLong)
    }

    @Test func `framing around tiny chunks is bounded`() throws {
        // Five bytes of framing a chunk, and five for the end.
        let limits = RequestLimits(chunkFramingBytes: 5 * 4 + 5)
        let chunk = "1\r\na\r\n"
        let four = String(repeating: chunk, count: 4)
        #expect(try onlyRequest(Self.start + four + "0\r\n\r\n", limits: limits).body == "aaaa")
        #expect(brokenRule(Self.start + four + chunk + "0\r\n\r\n", limits: limits) == .chunkFramingTooLarge)
        #expect(brokenRule(Self.start + four + "0\r\na: b\r\n\r\n", limits: limits) == .chunkFramingTooLarge)
    }

    @Test(arguments: 0...48)
    func `the reader never needs more than the limits allow`(framing: Int) {
        let limits = RequestLimits(headBytes: Self.start.utf8.count, bodyBytes: 64, chunkFramingBytes: framing)
        for size in [1, 2, 4, 8, 16, 32, 64] {
            let chunk = String(size, radix: 16) + "\r\n" + String(repeating: "a", count: size) + "\r\n"
            let text = Self.start + String(repeating: chunk, count: 65)
            let reading = Reading(Array(text.utf8), pieces: repeatElement(1, count: text.utf8.count), limits: limits)
            #expect(reading.refusal?.status == .contentTooLarge)
            #expect(reading.largestNeed <= limits.largestRequest, "chunks of \(size)")
        }
    }

    @Test func `the need of a chunk is known before its data`() {
        let bytes = Array((Self.start + "400\r\n").utf8)
        #expect(Reading(bytes, pieces: []).largestNeed == bytes.count + 0x400 + 2)
    }

    /// Whoever told of a request that broke off once knew nothing of a chunk before its last byte.
    @Test func `what came of a chunk is known before the rest`() {
        var bytes = Array((Self.start + "2\r\nab\r\n400\r\nhel").utf8)
        var reader = RequestReader()
        var span = bytes.mutableSpan
        #expect(reader.advance(over: &span) == .needsMore)
        #expect(reader.arrivedBody(of: bytes.count).map { String(decoding: bytes[$0], as: UTF8.self) } == "abhel")
    }

    @Test func `trailers count as fields`() {
        let limits = RequestLimits(fieldCount: 4)
        #expect(Reading(Self.start + "0\r\na:\r\nb:\r\n\r\n", limits: limits).requests.count == 1)
        #expect(brokenRule(Self.start + "0\r\na:\r\nb:\r\nc:\r\n\r\n", limits: limits) == .tooManyFields)
    }
}
