import Testing

@testable import HTTP

/// What a reader makes of a stream of bytes when it is driven as a connection drives it.
struct Reading: Equatable {
    /// One request with everything its ranges point at.
    struct Seen: Equatable {
        var method: String
        var target: String
        var path: String
        var query: String?
        var host: String?
        var version: Version
        var keepAlive: Bool
        var isHead: Bool
        var fields: [String]
        var body: String
        var length: Int
        var asksForServersMethods = false
    }

    var requests: [Seen] = []
    var refusal: Refusal?
    /// How often the client was found waiting for `100 Continue`; depends on how the bytes arrive.
    var continues = 0
    /// Where the reader stood at the end.
    var stage = RequestReader.Stage.idle
    /// The largest count of bytes the reader ever asked for.
    var largestNeed = 0

    /// Reads `text` whole.
    init(_ text: String, limits: RequestLimits = RequestLimits()) {
        self.init(Array(text.utf8), pieces: [text.utf8.count], limits: limits)
    }

    /// Reads `bytes` in pieces of these sizes, then the rest in one.
    init(_ bytes: [UInt8], pieces: some Sequence<Int>, limits: RequestLimits = RequestLimits()) {
        var reader = RequestReader(limits: limits)
        var buffer: [UInt8] = []
        var rest = bytes[...]
        for size in pieces where !rest.isEmpty {
            buffer += rest.prefix(size)
            rest = rest.dropFirst(size)
            advance(&reader, over: &buffer)
        }
        buffer += rest
        advance(&reader, over: &buffer)
    }

    private mutating func advance(_ reader: inout RequestReader, over buffer: inout [UInt8]) {
        while true {
            let before = buffer
            var span = buffer.mutableSpan
            let progress = reader.advance(over: &span)
            stage = reader.stage
            largestNeed = max(largestNeed, reader.neededCount)
            switch progress {
            case .needsMore:
                return
            case .expectsContinue:
                continues += 1
            case .complete:
                let request = reader.request
                requests.append(Seen(request, in: buffer))
                #expect(buffer[request.length...] == before[request.length...], "bytes behind the request changed")
                buffer.removeFirst(request.length)
            case .refused(let refusal):
                self.refusal = refusal
                return
            }
        }
    }

    /// What must not depend on how the bytes were split.
    var outcome: Reading {
        var copy = self
        copy.continues = 0
        copy.largestNeed = 0
        return copy
    }
}

extension Reading.Seen {
    init(_ request: Request, in buffer: [UInt8]) {
        func text(_ range: Range<Int>) -> String {
            String(decoding: buffer[range], as: UTF8.self)
        }
        let method: String =
            switch request.method {
            case .other(let token): text(token)
            default: request.method.token ?? "?"
            }
        var fields: [String] = []
        var start = request.fields.lowerBound
        while start < request.fields.upperBound {
            let end = buffer.span.firstPosition(of: 0x0D, in: start..<request.fields.upperBound)
            // The reader took these lines once.
            guard let field = try? HeaderField(parsing: start..<end, in: buffer.span) else { break }
            fields.append("\(text(field.name))=\(text(field.value))")
            start = end + 2
        }
        self.init(
            method: method,
            target: text(request.target),
            path: text(request.path),
            query: request.query.map(text),
            host: request.host.map(text),
            version: request.version,
            keepAlive: request.keepAlive,
            isHead: request.isHead,
            fields: fields,
            body: text(request.body),
            length: request.length,
            asksForServersMethods: request.asksForServersMethods(in: buffer.span)
        )
    }
}

extension RequestLimits {
    /// The most bytes one request can take in the buffer before it is complete or refused.
    var largestRequest: Int { headBytes + bodyBytes + chunkFramingBytes }
}

/// Joins the lines of a head with CRLF and ends it with a blank line.
func head(_ lines: String...) -> String {
    lines.joined(separator: "\r\n") + "\r\n\r\n"
}

/// The first request of `text`, which must be one.
func onlyRequest(_ text: String, limits: RequestLimits = RequestLimits()) throws -> Reading.Seen {
    let reading = Reading(text, limits: limits)
    #expect(reading.refusal == nil, "\(text.debugDescription)")
    #expect(reading.requests.count == 1)
    return try #require(reading.requests.first)
}

/// The rule that `text` breaks, or nil when it was not refused.
func brokenRule(_ text: String, limits: RequestLimits = RequestLimits()) -> Refusal.Rule? {
    Reading(text, limits: limits).refusal?.rule
}
