import Notation

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
        let fields: [(Substring, Substring)]

        init(_ bytes: some Collection<UInt8>, _ detail: JournalDetail) {
            // A refused one need not be UTF-8; a reader of archives is served better by its beginning than by Base64.
            let lines = JournalText(bytes, detail).lossyText.split(omittingEmptySubsequences: true) { $0.isNewline }
            first = lines.first.map { $0.split(separator: " ", maxSplits: 2) } ?? []
            fields = lines.dropFirst()
                .compactMap { line in
                    guard let colon = line.firstIndex(of: ":") else { return nil }
                    return (line[..<colon], line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" })
                }
        }

        func value(of name: String) -> String? {
            fields.first { $0.0.lowercased() == name }.map { String($0.1) }
        }
    }

    var entry: JSONValue {
        let milliseconds = Int(exchange.entry.microseconds / 1_000)
        let began = RFC3339.text(milliseconds: exchange.entry.time - Int64(milliseconds))
        let value: JSONValue = [
            "startedDateTime": .string(began), "time": .integer(milliseconds), "request": requestValue,
            "response": answerValue, "cache": [:],
            "timings": ["send": 0, "wait": .integer(milliseconds), "receive": 0],
            "connection": .string("\(connection.id)"),
        ]
        var members = value.members
        members["comment"] = exchange.entry.reason.map { .string($0) }
        return .object(members)
    }

    private var requestValue: JSONValue {
        let target = ArchiveURL.target(of: request.first.dropFirst().first.map(String.init) ?? exchange.entry.path)
        let scheme = connection.handshake == nil ? "http" : "https"
        let url = ArchiveURL.text(scheme, hosts: [request.value(of: "host"), connection.serverName], target: target)
        // Both must say something, also where nothing that was read says it.
        var members: [JSONValue.Member] = [
            .init("method", .string(exchange.entry.method.isEmpty ? "UNKNOWN" : exchange.entry.method)),
            .init("url", .string(url)),
            .init("httpVersion", Self.version(request.first.last)),
        ]
        members += Self.members(of: request, exchange.request)
        let query = target.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
        let pairs = query.split(separator: "&")
            .map { pair in
                let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                return (parts[0], parts.count == 2 ? parts[1] : "")
            }
        members.append(.init("queryString", Self.list(of: pairs)))
        if !exchange.request.body.isEmpty {
            let type = JSONValue.string(request.value(of: "content-type") ?? "")
            let data: [JSONValue.Member] = [.init("mimeType", type), .init("params", [])]
            members.append(.init("postData", .object(data + text(of: exchange.request, encoding: "_encoding"))))
        }
        return .object(members)
    }

    private var answerValue: JSONValue {
        let members: [JSONValue.Member] = [
            .init("status", .init(orNull: exchange.entry.status)),
            .init("statusText", .string(answer.first.count == 3 ? String(answer.first[2]) : "")),
            .init("httpVersion", Self.version(answer.first.first)),
        ]
        let content: [JSONValue.Member] = [
            .init("size", .integer(exchange.answer.bodyCount)),
            .init("mimeType", .string(answer.value(of: "content-type") ?? "")),
        ]
        return .object(
            members + Self.members(of: answer, exchange.answer) + [
                .init("content", .object(content + text(of: exchange.answer, encoding: "encoding"))),
                .init("redirectURL", .string(answer.value(of: "location") ?? "")),
            ]
        )
    }

    /// A version as a head's first line says it.
    private static func version(_ word: Substring?) -> JSONValue {
        .string(word.map { $0.hasPrefix("HTTP/") ? String($0) : "unknown" } ?? "unknown")
    }

    /// Names with their values.
    private static func list(of pairs: [(Substring, Substring)]) -> JSONValue {
        .array(pairs.map { ["name": .string(String($0)), "value": .string(String($1))] })
    }

    private static func members(of head: Head, _ message: JournalRecord.Message) -> [JSONValue.Member] {
        // What was never sent has no size: the format says so by -1.
        [
            .init("cookies", []), .init("headers", list(of: head.fields)),
            .init("headersSize", .integer(message.count == 0 ? -1 : message.head.count)),
            .init("bodySize", .integer(message.count == 0 ? -1 : message.bodyCount)),
        ]
    }

    /// A body; the format knows of an encoding in answers alone, and lets others have members of their own.
    private func text(of message: JournalRecord.Message, encoding: String) -> [JSONValue.Member] {
        let shown = JournalText(message.body, detail)
        var members: [JSONValue.Member] = [.init("text", .string(shown.text))]
        if shown.isBase64 { members.append(.init(encoding, "base64")) }
        if message.isCut { members.append(.init("comment", "only the beginning was kept")) }
        return members
    }
}

extension JournalRecord.Message {
    /// How many bytes of body were sent.
    fileprivate var bodyCount: Int { max(0, count - head.count) }
}
