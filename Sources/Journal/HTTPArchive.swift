import IO
import Notation
import SoftToken

/// One exchange as an entry of an HTTP archive (HAR 1.2, softwareishard.com/blog/har-12-spec).
struct HTTPArchive {
    private let connection: ConnectionOpening
    private let exchange: JournalRecord.Exchange
    private let detail: JournalDetail
    private let request: Head
    private let answer: Head

    init(connection: ConnectionOpening, exchange: JournalRecord.Exchange, detail: JournalDetail) {
        self.connection = connection
        self.exchange = exchange
        self.detail = detail
        request = Head(exchange.request.head, detail)
        answer = Head(exchange.answer.head, detail)
    }

    /// A head's first line and fields, as far as they can be told apart.
    private struct Head {
        let first: [Substring]
        let fields: [(name: Substring, value: Substring)]

        init(_ bytes: some Collection<UInt8>, _ detail: JournalDetail) {
            // A refused one need not be UTF-8; a reader of archives is served better by its beginning than by Base64.
            let shown = JournalText(bytes, detail)
            let text = shown.isBase64 ? shown.lossyText : shown.text
            let lines = text.split(omittingEmptySubsequences: true) { $0.isNewline }
            first = lines.first.map { $0.split(separator: " ", maxSplits: 2) } ?? []
            fields = lines.dropFirst()
                .compactMap { line in
                    guard let colon = line.firstIndex(of: ":") else { return nil }
                    return (line[..<colon], line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" })
                }
        }

        func value(of name: String) -> String? {
            fields.first { $0.name.lowercased() == name }.map { String($0.value) }
        }
    }

    /// Writes the entry.
    func write(to json: inout JSONWriter) {
        let milliseconds = Int(exchange.entry.microseconds / 1_000)
        json.beginObject()
        json.member("startedDateTime", RFC3339.text(milliseconds: exchange.entry.time - Int64(milliseconds)))
        json.member("time", milliseconds)
        writeRequest(to: &json)
        writeAnswer(to: &json)
        json.key("cache")
        json.beginObject()
        json.endObject()
        json.key("timings")
        json.beginObject()
        json.member("send", 0)
        json.member("wait", milliseconds)
        json.member("receive", 0)
        json.endObject()
        json.member("connection", "\(connection.id)")
        if let reason = exchange.entry.reason { json.member("comment", reason) }
        json.endObject()
    }

    private func writeRequest(to json: inout JSONWriter) {
        let target = ArchiveURL.target(of: request.first.dropFirst().first.map(String.init) ?? exchange.entry.path)
        let scheme = connection.handshake == nil ? "http" : "https"
        json.key("request")
        json.beginObject()
        // Both must say something, also where nothing that was read says it.
        json.member("method", exchange.entry.method.isEmpty ? "UNKNOWN" : exchange.entry.method)
        json.member(
            "url",
            ArchiveURL.text(scheme, hosts: [request.value(of: "host"), connection.serverName], target: target)
        )
        json.member("httpVersion", Self.version(request.first.last))
        writeHead(request, exchange.request, to: &json)
        json.key("queryString")
        json.beginArray()
        let query = target.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            json.beginObject()
            json.member("name", String(parts[0]))
            json.member("value", parts.count == 2 ? String(parts[1]) : "")
            json.endObject()
        }
        json.endArray()
        if !exchange.request.body.isEmpty {
            json.key("postData")
            json.beginObject()
            json.member("mimeType", request.value(of: "content-type") ?? "")
            json.key("params")
            json.beginArray()
            json.endArray()
            writeText(exchange.request, encoding: "_encoding", to: &json)
            json.endObject()
        }
        json.endObject()
    }

    /// A version as a head's first line says it.
    private static func version(_ word: Substring?) -> String {
        word.map { $0.hasPrefix("HTTP/") ? String($0) : "unknown" } ?? "unknown"
    }

    private func writeAnswer(to json: inout JSONWriter) {
        json.key("response")
        json.beginObject()
        json.member("status", Int(exchange.entry.status))
        json.member("statusText", answer.first.count == 3 ? String(answer.first[2]) : "")
        json.member("httpVersion", Self.version(answer.first.first))
        writeHead(answer, exchange.answer, to: &json)
        json.key("content")
        json.beginObject()
        json.member("size", exchange.answer.bodyCount)
        json.member("mimeType", answer.value(of: "content-type") ?? "")
        writeText(exchange.answer, encoding: "encoding", to: &json)
        json.endObject()
        json.member("redirectURL", answer.value(of: "location") ?? "")
        json.endObject()
    }

    private func writeHead(_ head: Head, _ message: JournalRecord.Message, to json: inout JSONWriter) {
        json.key("cookies")
        json.beginArray()
        json.endArray()
        json.key("headers")
        json.beginArray()
        for field in head.fields {
            json.beginObject()
            json.member("name", String(field.name))
            json.member("value", String(field.value))
            json.endObject()
        }
        json.endArray()
        // What was never sent has no size: the format says so by -1.
        json.member("headersSize", message.count == 0 ? -1 : message.head.count)
        json.member("bodySize", message.count == 0 ? -1 : message.bodyCount)
    }

    /// Writes a body; the format knows of an encoding in answers alone, and lets others have members of their own.
    private func writeText(_ message: JournalRecord.Message, encoding: String, to json: inout JSONWriter) {
        let shown = JournalText(message.body, detail)
        json.member("text", shown.text)
        if shown.isBase64 { json.member(encoding, "base64") }
        if message.isCut { json.member("comment", "only the beginning was kept") }
    }
}

extension JournalRecord.Message {
    /// How many bytes of body were sent.
    fileprivate var bodyCount: Int { max(0, count - head.count) }
}

extension JSONWriter {
    fileprivate mutating func member(_ name: String, _ value: String) {
        key(name)
        string(value)
    }

    fileprivate mutating func member(_ name: String, _ value: Int) {
        key(name)
        integer(value)
    }
}
