/// Reads HTTP/1.1 requests from bytes as they arrive (RFC 9112, the server's half).
///
/// It is strict: whatever two readers could understand differently is refused, not repaired. It holds no bytes, does no
/// I/O and knows no time. It is not copied, since asking a copy costs more than the answer. The outcome does not depend
/// on how the bytes were split, except that `expectsContinue` is reported only when the head arrived alone.
package struct RequestReader: ~Copyable, Sendable {
    /// What came of the bytes at hand.
    package enum Progress: Equatable, Sendable {
        /// The request is not complete.
        case needsMore
        /// The head is complete, and the client waits for `100 Continue` before it sends the body; reported once.
        case expectsContinue
        /// A whole request, which is ``RequestReader/request``; the reader is ready for the next, which begins
        /// ``Request/length`` bytes further on.
        case complete
        /// Not a request; every further call answers the same.
        case refused(Refusal)
    }

    /// Which part of a request the reader waits for.
    package enum Stage: Equatable, Sendable {
        /// No byte of a request has been seen (empty lines before one do not count).
        case idle
        /// The request line or the fields.
        case head
        /// The body, its chunks' framing or its trailers.
        case body
    }

    private enum Phase {
        case beforeRequest
        case requestLine
        case fields
        case sizedBody
        case chunkedBody
    }

    /// How many empty lines may stand before a request line: RFC 9112 section 2.2 asks for one, for old clients that
    /// end a body with a CRLF too many; one more is harmless.
    package static let toleratedEmptyLines = 2

    /// The bounds that it was made with.
    package let limits: RequestLimits
    private var phase = Phase.beforeRequest
    private var emptyLines = 0
    private var scanner = LineScanner()
    /// The request that was complete last, until bytes of the next are read.
    package private(set) var request = Request()
    private var framing = MessageFraming()
    private var chunks = ChunkedBody(at: 0)
    private var refusal: Refusal?

    /// Makes a reader that waits for a first request.
    package init(limits: RequestLimits = RequestLimits()) {
        self.limits = limits
    }

    /// Which part of a request the last call stopped in.
    package var stage: Stage {
        // Mutating, as what is asked for every request: to lend something large for reading costs a copy of it.
        mutating get {
            switch phase {
            case .beforeRequest: .idle
            case .requestLine, .fields: .head
            case .sizedBody, .chunkedBody: .body
            }
        }
    }

    /// The request as far as its head says it, while its body is read; nil before and after.
    ///
    /// The body's range is the one announced, and empty where chunks come.
    package var head: Request? { mutating get { stage == .body ? request : nil } }

    /// Where the body of the request at hand lies as far as it came and was decoded, of `count` bytes that are there;
    /// nil while its head is read.
    package func arrivedBody(of count: Int) -> Range<Int>? {
        switch phase {
        case .beforeRequest, .requestLine, .fields: nil
        case .sizedBody: request.body.lowerBound..<max(request.body.lowerBound, min(count, request.body.upperBound))
        case .chunkedBody: chunks.decoded
        }
    }

    /// How many bytes, counted from the request's first, must be in the buffer before the body, or the chunk at hand,
    /// can be taken; 0 while that is not known.
    ///
    /// A buffer grown to it once need not grow again for that piece. It never exceeds the limits.
    package var neededCount: Int {
        mutating get {
            switch phase {
            case .beforeRequest, .requestLine, .fields: 0
            case .sizedBody: request.body.upperBound
            case .chunkedBody: chunks.neededCount
            }
        }
    }

    /// Begins anew, for another's bytes.
    package mutating func reset() {
        // Behind a complete request it is as good as new, which is how nearly all are left.
        let isFresh = phase == .beforeRequest && scanner.position == 0 && refusal == nil
        if !isFresh { self = RequestReader(limits: limits) }
    }

    /// Reads on.
    ///
    /// Bytes already looked at are not looked at again, so a request that arrives one byte at a time costs the same
    /// work as a whole one.
    ///
    /// - Parameter bytes: Everything received from the current request's first byte on, what follows it included. A
    ///   chunked body is compacted in place; no byte behind the request is touched.
    /// - Returns: What came of it; a complete request's ranges are places in `bytes`.
    package mutating func advance(over bytes: inout MutableSpan<UInt8>) -> Progress {
        if let refusal { return .refused(refusal) }
        do throws(Refusal) {
            return try step(over: &bytes)
        } catch {
            refusal = error
            return .refused(error)
        }
    }

    private mutating func step(over bytes: inout MutableSpan<UInt8>) throws(Refusal) -> Progress {
        while true {
            switch phase {
            case .beforeRequest:
                guard try skipEmptyLine(in: bytes.span) else { return .needsMore }
            case .requestLine:
                guard try readRequestLine(in: bytes.span) else { return .needsMore }
            case .fields:
                guard try readField(in: bytes.span) else { return .needsMore }
                if framing.expectsContinue, waitsForContinue(given: bytes.count) { return .expectsContinue }
            case .sizedBody:
                guard bytes.count >= request.body.upperBound else { return .needsMore }
                return complete(body: request.body, length: request.body.upperBound)
            case .chunkedBody:
                guard try chunks.advance(over: &bytes, framing: &framing, limits: limits) else { return .needsMore }
                return complete(body: chunks.decoded, length: chunks.position)
            }
        }
    }

    /// Goes past one empty line or finds the request's first byte; false when neither has arrived.
    private mutating func skipEmptyLine(in bytes: Span<UInt8>) throws(Refusal) -> Bool {
        let position = scanner.position
        guard position < bytes.count else { return false }
        guard bytes[position] == .carriageReturn || bytes[position] == .lineFeed else {
            // Two empty lines and a NUL: so version 2 of the PROXY protocol begins, and nothing else.
            if emptyLines == 2, bytes[position] == 0 { throw Refusal(.proxyHeader, at: position) }
            phase = .requestLine
            request = Request()
            return true
        }
        guard emptyLines < Self.toleratedEmptyLines else { throw Refusal(.emptyLines, at: position) }
        guard try scanner.nextLine(in: bytes, upTo: limits.headBytes, beyond: .headTooLarge) != nil else {
            return false
        }
        emptyLines += 1
        return true
    }

    private mutating func readRequestLine(in bytes: Span<UInt8>) throws(Refusal) -> Bool {
        let limit = min(scanner.lineStart + limits.requestLineBytes, limits.headBytes)
        guard let line = try scanner.nextLine(in: bytes, upTo: limit, beyond: .requestLineTooLong) else { return false }
        try request.readLine(line, in: bytes)
        request.fields = scanner.position..<scanner.position
        phase = .fields
        return true
    }

    /// Reads one field, or the blank line that ends the head.
    private mutating func readField(in bytes: Span<UInt8>) throws(Refusal) -> Bool {
        guard let line = try scanner.nextLine(in: bytes, upTo: limits.headBytes, beyond: .headTooLarge) else {
            return false
        }
        guard line.isEmpty else {
            try framing.take(HeaderField(parsing: line, in: bytes), in: bytes, limits: limits)
            return true
        }
        let start = scanner.position
        switch try framing.body(of: request.version, endingAt: line.lowerBound, limits: limits) {
        case .sized(let count):
            request.body = start..<start + count
            phase = .sizedBody
        case .chunked:
            chunks = ChunkedBody(at: start)
            phase = .chunkedBody
        }
        request.fields = request.fields.lowerBound..<line.lowerBound
        request.nameLengths = framing.nameLengths
        request.host = request.host ?? framing.host
        request.keepAlive = framing.keepsAlive(in: request.version)
        return true
    }

    /// Whether the head has just ended and the client holds its body back.
    ///
    /// A client that already sends its body does not wait, and HTTP/1.0 has no interim answers (RFC 9110 section
    /// 10.1.1).
    private func waitsForContinue(given count: Int) -> Bool {
        switch phase {
        case .beforeRequest, .requestLine, .fields: false
        case .sizedBody: !request.body.isEmpty && count == scanner.position && request.version == .http11
        case .chunkedBody: count == scanner.position && request.version == .http11
        }
    }

    private mutating func complete(body: Range<Int>, length: Int) -> Progress {
        request.body = body
        request.length = length
        // All but the request, which is large, and asked for next.
        phase = .beforeRequest
        emptyLines = 0
        scanner = LineScanner()
        framing = MessageFraming()
        return .complete
    }
}
