import Notation

/// Reads a chunked body and compacts its data in place (RFC 9112 section 7.1).
///
/// Data moves towards the body's start, over framing that was already read. Chunk extensions are bounded, held to their
/// grammar and ignored, as section 7.1.1 asks of a recipient that knows none of them; trailers are checked like fields
/// and ignored.
struct ChunkedBody: Sendable {
    private enum Piece: Equatable {
        case size
        case data(end: Int)
        case trailers
    }

    /// The decoded bytes so far.
    private(set) var decoded: Range<Int>
    private var piece = Piece.size

    init(at start: Int) {
        decoded = start..<start
    }

    /// How many bytes must be in the buffer before the chunk at hand can be taken; 0 between chunks.
    var neededCount: Int {
        guard case .data(let end) = piece else { return 0 }
        return end + 2
    }

    /// Reads as far as `bytes` go.
    ///
    /// - Returns: Whether the body, trailers included, is complete; it then ends at the scanner's position.
    mutating func advance(
        over bytes: inout MutableSpan<UInt8>,
        scanner: inout LineScanner,
        framing: inout MessageFraming,
        limits: RequestLimits
    ) throws(Refusal) -> Bool {
        while true {
            switch piece {
            case .size:
                guard let line = try nextSizeLine(in: bytes.span, scanner: &scanner, limits: limits) else {
                    return false
                }
                let size = try Self.size(parsing: line, in: bytes.span)
                guard size <= limits.bodyBytes - decoded.count else {
                    throw Refusal(.bodyTooLarge, at: line.lowerBound)
                }
                piece = size == 0 ? .trailers : .data(end: scanner.position + size)
            case .data(let end):
                guard try takeData(upTo: end, from: &bytes, scanner: &scanner) else { return false }
                piece = .size
            case .trailers:
                let limit = framingLimit(limits)
                guard
                    let line = try scanner.nextLine(in: bytes.span, upTo: limit, beyond: .chunkFramingTooLarge)
                else {
                    return false
                }
                if line.isEmpty { return true }
                let field = try HeaderField(parsing: line, in: bytes.span)
                try framing.takeTrailer(field, in: bytes.span, limits: limits)
            }
        }
    }

    /// Where the raw body must end, given what of it is data.
    private func framingLimit(_ limits: RequestLimits) -> Int {
        decoded.upperBound + limits.chunkFramingBytes
    }

    private func nextSizeLine(
        in bytes: Span<UInt8>,
        scanner: inout LineScanner,
        limits: RequestLimits
    ) throws(Refusal) -> Range<Int>? {
        let lineLimit = scanner.lineStart + limits.chunkLineBytes
        // The CRLF behind the data, or behind the trailers, counts as framing too.
        let framingLimit = framingLimit(limits) - 2
        guard lineLimit < framingLimit else {
            return try scanner.nextLine(in: bytes, upTo: framingLimit, beyond: .chunkFramingTooLarge)
        }
        return try scanner.nextLine(in: bytes, upTo: lineLimit, beyond: .chunkLineTooLong)
    }

    /// Reads hexadecimal digits that end the line or stand right before an extension's semicolon.
    static func size(parsing line: Range<Int>, in bytes: Span<UInt8>) throws(Refusal) -> Int {
        var size = 0
        var position = line.lowerBound
        while position < line.upperBound, let digit = Hexadecimal.value(of: bytes[position]) {
            // Far above any limit and far below overflow: sixteen times this still fits.
            guard size < 1 << 56 else { throw Refusal(.badChunkSize, at: position) }
            size = size << 4 | Int(digit)
            position += 1
        }
        guard
            position > line.lowerBound,
            position == line.upperBound || bytes[position] == UInt8(ascii: ";")
        else {
            throw Refusal(.badChunkSize, at: position)
        }
        try ChunkExtensions.check(position..<line.upperBound, in: bytes)
        return size
    }

    /// Moves a chunk's data behind the data before it, once all of it and its CRLF are there.
    ///
    /// The CRLF is judged as soon as its octets arrive, and only then is the data moved.
    private mutating func takeData(
        upTo end: Int,
        from bytes: inout MutableSpan<UInt8>,
        scanner: inout LineScanner
    ) throws(Refusal) -> Bool {
        if bytes.count > end, bytes[end] != .carriageReturn { throw Refusal(.badChunkEnd, at: end) }
        guard bytes.count > end + 1 else { return false }
        guard bytes[end + 1] == .lineFeed else { throw Refusal(.badChunkEnd, at: end) }
        var target = decoded.upperBound
        for source in scanner.position..<end {
            bytes[target] = bytes[source]
            target &+= 1
        }
        decoded = decoded.lowerBound..<target
        scanner.skip(to: end + 2)
        return true
    }
}

/// Reads a chunked body piece by piece, for a reader whose buffer moves on behind each piece (RFC 9112 section 7.1).
///
/// The grammar is ``ChunkedBody``'s; the data is not gathered, so that a stream without end takes no room.
struct ChunkedStream: Sendable {
    /// What the bytes at hand begin with.
    enum Piece {
        /// Something that is not whole yet.
        case needsMore
        /// Framing that ends here and can be dropped.
        case framing(end: Int)
        /// Data from the first byte on.
        case data(count: Int)
        /// The end of the body, trailers included.
        case end(Int)
    }

    private enum Phase {
        case size
        case data(left: Int)
        case dataEnd
        case trailers
    }

    private var phase = Phase.size
    private var trailerBytes = 0

    /// Reads one piece; `bytes` begin where the last one ended, and `scanner` begins anew behind each.
    mutating func next(
        in bytes: Span<UInt8>,
        scanner: inout LineScanner,
        framing: inout MessageFraming,
        limits: RequestLimits
    ) throws(Refusal) -> Piece {
        switch phase {
        case .size:
            guard let line = try scanner.nextLine(in: bytes, upTo: limits.chunkLineBytes, beyond: .chunkLineTooLong)
            else { return .needsMore }
            let size = try ChunkedBody.size(parsing: line, in: bytes)
            phase = size == 0 ? .trailers : .data(left: size)
            return .framing(end: scanner.position)
        case .data(let left):
            let count = min(left, bytes.count)
            guard count > 0 else { return .needsMore }
            phase = count == left ? .dataEnd : .data(left: left - count)
            return .data(count: count)
        case .dataEnd:
            if !bytes.isEmpty, bytes[0] != .carriageReturn { throw Refusal(.badChunkEnd, at: 0) }
            guard bytes.count > 1 else { return .needsMore }
            guard bytes[1] == .lineFeed else { throw Refusal(.badChunkEnd, at: 1) }
            phase = .size
            return .framing(end: 2)
        case .trailers:
            let limit = limits.chunkFramingBytes - trailerBytes
            guard let line = try scanner.nextLine(in: bytes, upTo: limit, beyond: .chunkFramingTooLarge)
            else { return .needsMore }
            guard !line.isEmpty else { return .end(scanner.position) }
            try framing.takeTrailer(try HeaderField(parsing: line, in: bytes), in: bytes, limits: limits)
            trailerBytes += scanner.position
            return .framing(end: scanner.position)
        }
    }
}

/// What may follow a chunk's size (RFC 9112 section 7.1.1).
///
/// Nothing is known of any extension here, so all are read and passed over; but what is none is refused, since another
/// reader could take a line end or a size out of it.
enum ChunkExtensions {
    /// Reads `";" name [ "=" value ]`, any number of times, to the end of `range`; blanks may stand where the grammar
    /// calls them bad, except before the first semicolon.
    static func check(_ range: Range<Int>, in bytes: Span<UInt8>) throws(Refusal) {
        var position = range.lowerBound
        while position < range.upperBound {
            guard bytes[position] == UInt8(ascii: ";") else { throw Refusal(.badChunkExtension, at: position) }
            position = skipBlanks(position + 1..<range.upperBound, in: bytes)
            position = try skipToken(position..<range.upperBound, in: bytes)
            position = skipBlanks(position..<range.upperBound, in: bytes)
            guard position < range.upperBound, bytes[position] == UInt8(ascii: "=") else { continue }
            position = skipBlanks(position + 1..<range.upperBound, in: bytes)
            if position < range.upperBound, bytes[position] == UInt8(ascii: "\"") {
                position = try skipQuoted(position..<range.upperBound, in: bytes)
            } else {
                position = try skipToken(position..<range.upperBound, in: bytes)
            }
            position = skipBlanks(position..<range.upperBound, in: bytes)
        }
    }

    private static func skipBlanks(_ range: Range<Int>, in bytes: Span<UInt8>) -> Int {
        var position = range.lowerBound
        while position < range.upperBound, bytes[position].isBlank { position += 1 }
        return position
    }

    private static func skipToken(_ range: Range<Int>, in bytes: Span<UInt8>) throws(Refusal) -> Int {
        var position = range.lowerBound
        while position < range.upperBound, bytes[position].isTokenCharacter { position += 1 }
        guard position > range.lowerBound else { throw Refusal(.badChunkExtension, at: position) }
        return position
    }

    /// Goes past a quoted string; the scanner has refused every control octet but HTAB before.
    private static func skipQuoted(_ range: Range<Int>, in bytes: Span<UInt8>) throws(Refusal) -> Int {
        var position = range.lowerBound + 1
        while position < range.upperBound {
            switch bytes[position] {
            case UInt8(ascii: "\""): return position + 1
            case UInt8(ascii: "\\"): position += 2
            default: position += 1
            }
        }
        throw Refusal(.badChunkExtension, at: range.upperBound)
    }
}
