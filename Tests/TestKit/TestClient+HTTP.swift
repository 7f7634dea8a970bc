import Foundation

/// One HTTP answer as it came.
package struct HTTPAnswer: Hashable, Sendable {
    /// The status code.
    package let status: Int
    /// The head's lines behind the status line.
    package let fields: [String]
    /// The body.
    package let body: [UInt8]

    /// The body as text.
    package var text: String { String(decoding: body, as: UTF8.self) }

    /// The value of a field, by its lower-case name.
    package func value(of name: String) -> String? {
        for field in fields {
            let parts = field.split(separator: ":", maxSplits: 1).map(String.init)
            if parts.count == 2, parts[0].lowercased() == name { return String(parts[1].drop { $0 == " " }) }
        }
        return nil
    }
}

extension TestClient {
    /// The provisioning service's path for units.
    package static let process = "/SoftToken/Provisioning.asmx/Process"
    /// The provisioning service's path for phones.
    package static let mobile = "/SoftToken/Provisioning.asmx/Mobile"

    /// The bytes of a POST with a body of known length.
    package static func post(_ body: String, to path: String = process, fields: [String] = []) -> [UInt8] {
        var lines = ["POST \(path) HTTP/1.1", "Host: localhost", "Content-Type: application/json; charset=utf-8"]
        lines += fields
        lines += ["Content-Length: \(body.utf8.count)", "", body]
        return Array(lines.joined(separator: "\r\n").utf8)
    }

    /// Posts a body and waits for the answer.
    package func post(_ body: String, to path: String = process) throws(TestClientError) -> HTTPAnswer {
        try send(Self.post(body, to: path))
        return try answer()
    }

    /// The next answer; interim ones (status 1xx) are answers of their own here.
    ///
    /// `hasBody` is false for the answer to a HEAD request, whose `Content-Length` counts what does not come.
    package func answer(hasBody: Bool = true) throws(TestClientError) -> HTTPAnswer {
        var bytes: [UInt8] = []
        var needed = 0
        var head: (status: Int, fields: [String], length: Int)?
        while true {
            if head == nil, let end = Self.endOfHead(in: bytes) {
                let parsed = try Self.parseHead(bytes[..<end])
                head = parsed
                needed = end + (hasBody ? parsed.length : 0)
            }
            if let head, bytes.count >= needed {
                received = Array(bytes[needed...]) + received
                let body = hasBody ? Array(bytes[(needed - head.length)..<needed]) : []
                return HTTPAnswer(status: head.status, fields: head.fields, body: body)
            }
            switch try receive() {
            case .bytes(let more): bytes += more
            case .end: throw .ended("an answer, after \(bytes.count) bytes of it")
            case .reset: throw .reset("an answer, after \(bytes.count) bytes of it")
            case .nothing: throw .timedOut("an answer, after \(bytes.count) bytes of it")
            }
        }
    }

    /// The answer behind which the peer ends the connection, its body whole where it came in chunks.
    package func lastAnswer() throws(TestClientError) -> HTTPAnswer {
        let (bytes, end) = try receiveToEnd()
        guard end == .end, let head = Self.endOfHead(in: bytes) else {
            throw .ended("an answer, by \(end) after \(bytes.count) bytes of it")
        }
        let (status, fields, _) = try Self.parseHead(bytes[..<head])
        let answer = HTTPAnswer(status: status, fields: fields, body: Array(bytes[head...]))
        guard answer.value(of: "transfer-encoding") == "chunked" else {
            let announced = answer.value(of: "content-length").flatMap { Int($0) } ?? 0
            guard answer.body.count == announced else { throw .ended("\(answer.body.count) bytes of \(announced)") }
            return answer
        }
        return HTTPAnswer(status: status, fields: fields, body: try Self.joined(answer.body))
    }

    /// What chunks hold together, of which the last is empty.
    private static func joined(_ chunks: [UInt8]) throws(TestClientError) -> [UInt8] {
        var (body, rest) = ([UInt8](), chunks[...])
        while let end = rest.firstIndex(of: 13) {
            let line = String(decoding: rest[..<end], as: UTF8.self)
            guard let count = Int(line, radix: 16), rest.endIndex - end >= count + 4 else { break }
            if count == 0 { return body }
            body += rest[(end + 2)..<(end + 2 + count)]
            rest = rest[(end + 4 + count)...]
        }
        throw .ended("the last chunk, after \(body.count) bytes")
    }

    private static func endOfHead(in bytes: [UInt8]) -> Int? {
        guard bytes.count >= 4 else { return nil }
        for index in 3..<bytes.count
        where bytes[index] == 10 && bytes[index - 1] == 13 && bytes[index - 2] == 10 && bytes[index - 3] == 13 {
            return index + 1
        }
        return nil
    }

    private static func parseHead(
        _ bytes: ArraySlice<UInt8>
    ) throws(TestClientError) -> (status: Int, fields: [String], length: Int) {
        let text = String(decoding: bytes, as: UTF8.self)
        let lines = text.split(separator: "\r\n").map(String.init)
        let words = (lines.first ?? "").split(separator: " ")
        guard words.count >= 2, words[0] == "HTTP/1.1", let status = Int(words[1]) else {
            throw .notHTTP(String(text.prefix(80)))
        }
        let answer = HTTPAnswer(status: status, fields: Array(lines.dropFirst()), body: [])
        return (status, answer.fields, answer.value(of: "content-length").flatMap { Int($0) } ?? 0)
    }
}

/// The admin plane over one connection that stays: a call costs no process, and a server that is killed cuts it short.
extension TestClient {
    /// A client of a server's admin plane, which speaks in clear on loopback.
    package static func admin(of server: ServerProcess, timeout: Duration = TestClient.patience + .seconds(10)) throws
        -> TestClient
    {
        try TestClient(port: UInt16(server.adminPort), timeout: timeout)
    }

    /// Sends a request, with JSON where there is a body, and waits for the answer, which must have a known length.
    package func call(_ method: String, _ path: String, _ body: String? = nil) throws(TestClientError) -> HTTPAnswer {
        var lines = ["\(method) \(path) HTTP/1.1", "Host: localhost"]
        if let body { lines += ["Content-Type: application/json", "Content-Length: \(body.utf8.count)"] }
        lines += ["", body ?? ""]
        try send(lines.joined(separator: "\r\n"))
        return try answer()
    }
}

extension HTTPAnswer {
    /// The body as a JSON object; empty where it is none.
    package var object: [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any] ?? [:]
    }
}
