/// An answer's head as a client has read it.
///
/// Unlike ``Request`` it keeps what it read: a client's buffer moves on while the content is still coming.
package struct Response: Equatable, Sendable {
    /// One field line.
    package struct Field: Equatable, Sendable {
        /// The name in lower case.
        package let name: String
        /// The value without the blanks around it; octets that are no UTF-8 are replaced.
        package let value: String
    }

    /// The version of the status line.
    package let version: Version
    /// The final status.
    package let status: Status
    /// The fields in the order in which they came.
    package let fields: [Field]

    /// The first field of a name, which is given in lower case.
    package func value(of lowercaseName: String) -> String? {
        fields.first { $0.name == lowercaseName }?.value
    }
}

/// Why the bytes of a server are not taken as an answer; after one the connection is of no use.
package enum ResponseDefect: Error, Equatable, Sendable {
    /// The first line is not `HTTP/1.x SP code SP reason`: something other than HTTP speaks there.
    case notHTTP
    /// A version whose major number is not 1.
    case unsupportedVersion
    /// 101, for which nobody asked.
    case upgrade
    /// More interim answers than ``ResponseReader/toleratedInterims``.
    case interims
    /// A rule of framing or of fields that requests and answers share.
    case broken(Refusal.Rule)
    /// The connection ended before the answer did.
    case truncated
}

extension ResponseDefect: CustomStringConvertible {
    /// One clause for a person, without a period.
    package var description: String {
        switch self {
        case .notHTTP: "the answer is not HTTP/1.x"
        case .unsupportedVersion: "the answer is of another version of HTTP"
        case .upgrade: "the answer switches to another protocol"
        case .interims: "the server sends interim answers without end"
        case .broken(let rule): rule.reason
        case .truncated: "the connection ended in the middle of the answer"
        }
    }
}

/// Reads one HTTP/1.1 answer from bytes as they arrive (RFC 9112, the client's half).
///
/// It is as strict as ``RequestReader``, and like it holds no bytes, does no I/O and knows no time. Content is handed
/// out piece by piece, so an answer may be larger than memory or without end. What comes of an answer does not depend
/// on how its bytes were split, except for where its content is cut.
package struct ResponseReader: Sendable {
    /// What came of the bytes at hand.
    package enum Event: Equatable, Sendable {
        /// Nothing, until more bytes come, or their end.
        case needsMore
        /// The head of the final answer.
        case head(Response)
        /// Some of the content, at least one byte of it.
        case content(Range<Int>)
        /// The answer is whole; whether the server will read another request on the connection.
        case complete(keepsAlive: Bool)
        /// Not an answer; every further call says the same.
        case failed(ResponseDefect)
    }

    private enum Phase {
        case statusLine
        case fields
        case sized(left: Int)
        case chunked
        case untilEnd
        case complete(keepsAlive: Bool)
        case failed(ResponseDefect)
    }

    /// How many interim answers (1xx) may come before the final one; a server has reason for one or two.
    package static let toleratedInterims = 8

    /// The bounds that it was made with; that of the body does not apply, since no body is held.
    package let limits: RequestLimits
    private let isForHead: Bool
    private var phase = Phase.statusLine
    private var scanner = LineScanner()
    private var framing = MessageFraming()
    private var chunks = ChunkedStream(isHeld: false)
    private var headBytes = 0
    private var interims = 0
    private var version = Version.http11
    private var status = Status.ok
    private var fields: [Response.Field] = []

    /// Makes a reader for the answer to one request; `isForHead` where that is HEAD, whose answer has no content.
    package init(limits: RequestLimits = RequestLimits(), isForHead: Bool = false) {
        self.limits = limits
        self.isForHead = isForHead
    }

    /// Reads on.
    ///
    /// - Parameters:
    ///   - bytes: What was received and not taken yet.
    ///   - isAtEnd: Whether nothing will follow them.
    /// - Returns: What came of them, and how many bytes from the first on are done with. The caller drops as many,
    ///   after it has used the content, and calls again until more bytes are needed.
    package mutating func next(in bytes: Span<UInt8>, isAtEnd: Bool = false) -> (event: Event, taken: Int) {
        do throws(ResponseDefect) {
            return try step(over: bytes, isAtEnd: isAtEnd)
        } catch {
            phase = .failed(error)
            return (.failed(error), 0)
        }
    }

    private mutating func step(
        over bytes: Span<UInt8>,
        isAtEnd: Bool
    ) throws(ResponseDefect) -> (event: Event, taken: Int) {
        // Bytes that were looked at in this call and are to be dropped: whole lines and framing.
        var taken = 0
        while true {
            let rest = bytes.extracting(taken...)
            let (event, count): (Event?, Int)
            do throws(Refusal) {
                (event, count) = try piece(of: rest, isAtEnd: isAtEnd)
            } catch {
                throw .broken(error.rule)
            }
            if case .failed(let defect) = event { throw defect }
            if case .content(let range) = event {
                return (.content(taken + range.lowerBound..<taken + range.upperBound), taken + count)
            }
            taken += count
            if case .needsMore = event, isAtEnd { throw .truncated }
            if let event { return (event, taken) }
        }
    }

    /// Takes one line, one piece of content or the end; no event where there is more to do with what follows.
    private mutating func piece(of bytes: Span<UInt8>, isAtEnd: Bool) throws(Refusal) -> (Event?, Int) {
        switch phase {
        case .statusLine:
            return try readStatusLine(bytes)
        case .fields:
            return try readField(bytes)
        case .sized(0):
            return (end(keepsAlive: framing.keepsAlive(in: version)), 0)
        case .sized(let left):
            let count = min(left, bytes.count)
            guard count > 0 else { return (.needsMore, 0) }
            phase = .sized(left: left - count)
            return (.content(0..<count), count)
        case .chunked:
            return try readChunk(bytes)
        case .untilEnd:
            if !bytes.isEmpty { return (.content(0..<bytes.count), bytes.count) }
            return (isAtEnd ? end(keepsAlive: false) : .needsMore, 0)
        case .complete(let keepsAlive):
            return (.complete(keepsAlive: keepsAlive), 0)
        case .failed(let defect):
            return (.failed(defect), 0)
        }
    }

    private mutating func readStatusLine(_ bytes: Span<UInt8>) throws(Refusal) -> (Event?, Int) {
        // A server of another protocol speaks first as a rule, and without CRLF: its first bytes tell.
        let prefix = min(bytes.count, 5)
        guard bytes.extracting(..<prefix).equals(String("HTTP/".prefix(prefix)), at: 0..<prefix) else {
            return (.failed(.notHTTP), 0)
        }
        let limit = min(limits.requestLineBytes, limits.headBytes - headBytes)
        guard let line = try scanner.nextLine(in: bytes, upTo: limit, beyond: .headTooLarge) else {
            return (.needsMore, 0)
        }
        let codeStart = bytes.firstPosition(of: .space, in: line) + 1
        guard codeStart < line.upperBound else { return (.failed(.notHTTP), 0) }
        do throws(Refusal) {
            version = try Version(at: 0..<codeStart - 1, in: bytes)
        } catch {
            return (.failed(error.rule == .unsupportedVersion ? .unsupportedVersion : .notHTTP), 0)
        }
        let codeEnd = bytes.firstPosition(of: .space, in: codeStart..<line.upperBound)
        var code = 0
        for position in codeStart..<codeEnd {
            guard bytes[position].isDigit, codeEnd - codeStart == 3 else { return (.failed(.notHTTP), 0) }
            code = code * 10 + Int(bytes[position] &- UInt8(ascii: "0"))
        }
        guard let status = Status(code: code) else { return (.failed(.notHTTP), 0) }
        guard code != 101 else { return (.failed(.upgrade), 0) }
        self.status = status
        phase = .fields
        return (nil, endLine())
    }

    /// Reads one field, or the blank line that ends the head.
    private mutating func readField(_ bytes: Span<UInt8>) throws(Refusal) -> (Event?, Int) {
        guard
            let line = try scanner.nextLine(in: bytes, upTo: limits.headBytes - headBytes, beyond: .headTooLarge)
        else { return (.needsMore, 0) }
        guard line.isEmpty else {
            let field = try HeaderField(parsing: line, in: bytes)
            try framing.take(field, in: bytes, limits: limits)
            let name = bytes.text(at: field.name).lowercased()
            fields.append(Response.Field(name: name, value: bytes.text(at: field.value)))
            return (nil, endLine())
        }
        let count = endLine()
        guard status.code >= 200 else {
            interims += 1
            guard interims <= Self.toleratedInterims else { return (.failed(.interims), 0) }
            (framing, fields, phase) = (MessageFraming(), [], .statusLine)
            return (nil, count)
        }
        let content = try framing.content(of: version, endingAt: line.lowerBound)
        let hasContent = status.allowsContent && !isForHead
        phase =
            switch content {
            case _ where !hasContent: .sized(left: 0)
            case .sized(let length): .sized(left: length)
            case .chunked: .chunked
            case nil: .untilEnd
            }
        return (.head(Response(version: version, status: status, fields: fields)), count)
    }

    private mutating func readChunk(_ bytes: Span<UInt8>) throws(Refusal) -> (Event?, Int) {
        switch try chunks.next(in: bytes, framing: &framing, limits: limits) {
        case .needsMore: (.needsMore, 0)
        case .framing(let count): (nil, count)
        case .data(let count): (.content(0..<count), count)
        case .end(let count): (end(keepsAlive: framing.keepsAlive(in: version)), count)
        }
    }

    private mutating func end(keepsAlive: Bool) -> Event {
        phase = .complete(keepsAlive: keepsAlive)
        return .complete(keepsAlive: keepsAlive)
    }

    /// Drops the line that was cut; the next one begins at the first byte.
    private mutating func endLine() -> Int {
        let count = scanner.position
        headBytes += count
        scanner = LineScanner()
        return count
    }
}
