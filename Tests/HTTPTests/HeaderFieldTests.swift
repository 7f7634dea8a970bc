import HTTP
import Testing

@Suite("Header fields")
struct HeaderFieldTests {
    @Test(arguments: [
        ("Folded: a\r\n b", Refusal.Rule.foldedField),
        ("Folded: a\r\n\tb", .foldedField),
        ("Folded:\r\n b: c", .foldedField),
        (" Before-First: a", .foldedField),
        ("\tBefore-First: a", .foldedField),
        (" ", .foldedField),
        ("Name : a", .blankBeforeColon),
        ("Name\t: a", .blankBeforeColon),
        ("Content-Length \t : 5", .blankBeforeColon),
        (": a", .emptyFieldName),
        (":", .emptyFieldName),
        ("Name", .missingColon),
        ("Na me: a", .badFieldName),
        ("Na(me: a", .badFieldName),
        ("N\u{e9}: a", .badFieldName),
        ("Name\"x: a", .badFieldName),
        ("[Name]: a", .badFieldName),
        ("Name: a\nOther: b", .bareLineFeed),
        ("Name: a\rOther: b", .bareCarriageReturn),
        ("Name: a\r\r", .bareCarriageReturn),
        ("Name: a\u{0}b", .controlByte),
        ("Name: \u{1}", .controlByte),
        ("Name: a\u{b}", .controlByte),
        ("Name: a\u{7f}", .controlByte),
        ("Na\u{0}me: a", .controlByte),
    ])
    func `a malformed field is refused wherever it stands`(field: String, rule: Refusal.Rule) {
        #expect(brokenRule(head("GET / HTTP/1.1", field, "Host: x")) == rule)
        #expect(brokenRule(head("GET / HTTP/1.1", "Host: x", field)) == rule)
    }

    @Test(arguments: [
        "GET / HTTP/1.1\nHost: x\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\n\r\n", "GET / HTTP/1.1\r\nHost: x\r\n\n",
    ])
    func `every line of a head must end in CRLF`(text: String) {
        #expect(brokenRule(text) == .bareLineFeed)
    }

    @Test func `a name is a token and nothing else`() {
        let marks = Set("!#$%&'*+-.^_`|~".utf8)
        for octet in UInt8(0x21)...0xFF where octet != UInt8(ascii: ":") && octet != 0x7F {
            let isAlphanumeric =
                octet < 0x80 && (Character(Unicode.Scalar(octet)).isLetter || (0x30...0x39).contains(octet))
            let text = Array("GET / HTTP/1.1\r\nHost: x\r\na".utf8) + [octet] + "b: c\r\n\r\n".utf8
            let reading = Reading(text, pieces: [])
            let expected: Refusal.Rule? = isAlphanumeric || marks.contains(octet) ? nil : .badFieldName
            #expect(reading.refusal?.rule == expected, "octet \(octet)")
        }
    }

    @Test(arguments: [
        ("Name:a", "Name=a"), ("Name: \t a b \t", "Name=a b"), ("name:", "name="), ("Name: \t", "Name="),
        ("Name: a\tb", "Name=a\tb"), ("Name: h\u{e9}", "Name=h\u{e9}"), ("Name: a: b", "Name=a: b"),
        (
            "Accept: application/json, text/javascript, */*, q=0.01",
            "Accept=application/json, text/javascript, */*, q=0.01"
        ),
        ("Content-Type: application/json;...", "Content-Type=application/json;..."),
    ])
    func `a value is taken without the blanks around it`(field: String, seen: String) throws {
        #expect(try onlyRequest(head("GET / HTTP/1.1", "Host: x", field)).fields == ["Host=x", seen])
    }

    @Test func `fields come in the order and the case they were sent in`() throws {
        let request = try onlyRequest("\r\n" + head("POST / HTTP/1.1", "hOST: x", "B: 1", "A: 2", "B: 3"))
        #expect(request.fields == ["hOST=x", "B=1", "A=2", "B=3"])
    }

    @Test func `a field is found by its name in any case, the first of several`() throws {
        var bytes = Array(
            head("GET / HTTP/1.0", "Accept-Language: de", "X-FauxGuard-LAB: team-a", "accept: 1", "Empty:", "ACCEPT: 2")
                .utf8
        )
        let request = try requestAlone(in: &bytes)
        func value(_ name: String) -> String? {
            request.value(of: name, in: bytes.span).map { String(decoding: bytes[$0], as: UTF8.self) }
        }
        #expect(value("x-fauxguard-lab") == "team-a")
        #expect(value("accept") == "1")
        #expect(value("accept-language") == "de")
        #expect(value("empty") == "")
        #expect(value("host") == nil)
        #expect(value("origin") == nil)
        #expect(value("") == nil)
        #expect(value(String(repeating: "a", count: 64 + 6)) == nil)
    }

    @Test func `a field of a body is not a field of the head`() throws {
        var bytes = Array((head("POST / HTTP/1.0", "A: 1", "Content-Length: 11") + "Origin: a\r\n").utf8)
        let request = try requestAlone(in: &bytes)
        let origin = request.value(of: "origin", in: bytes.span)
        #expect(origin == nil)
    }

    @Test func `a router compares paths without making strings`() throws {
        var bytes = Array(head("GET /a/b?c HTTP/1.0").utf8)
        let request = try requestAlone(in: &bytes)
        let paths = ["/a/b", "/a/c", "/a/b?c", "/a", "/A/b", ""]
        #expect(paths.filter { request.pathIs($0, in: bytes.span) } == ["/a/b"])
    }

    private func requestAlone(in bytes: inout [UInt8]) throws -> Request {
        var reader = RequestReader()
        var span = bytes.mutableSpan
        guard case .complete = reader.advance(over: &span) else {
            Issue.record("not a complete request")
            throw CancellationError()
        }
        return reader.request
    }
}
