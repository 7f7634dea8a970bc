import Notation

/// Reads a chunked body and compacts its data in place (RFC 9112 section 7.1).
///
/// Data moves towards the body's start, over framing that was already read.
struct ChunkedBody: Sendable {
    /// The decoded bytes so far.
    private(set) var decoded: Range<Int>
    /// Where what was not read yet begins.
    private(set) var position: Int
    private var stream = ChunkedStream(isHeld: true)

    init(at start: Int) {
        decoded = start..<start
        position = start
    }

    /// How many bytes must be in the buffer before the chunk at hand can be taken; 0 between chunks.
    var neededCount: Int { stream.neededCount == 0 ? 0 : position + stream.neededCount }

    /// Reads as far as `bytes` go.
    ///
    /// - Returns: Whether the body, trailers included, is complete; it then ends at ``position``.
    mutating func advance(
        over bytes: inout MutableSpan<UInt8>,
        framing: inout MessageFraming,
        limits: RequestLimits
    ) throws(Refusal) -> Bool {
        while true {
            let piece: ChunkedStream.Piece
            do throws(Refusal) {
                piece = try stream.next(in: bytes.span.extracting(position...), framing: &framing, limits: limits)
            } catch {
                throw error.moved(by: position)
            }
            switch piece {
            case .needsMore: return false
            case .framing(let count): position += count
            case .data(let count):
                var target = decoded.upperBound
                for source in position..<position + count {
                    bytes[target] = bytes[source]
                    target &+= 1
                }
                decoded = decoded.lowerBound..<target
                position += count
            case .end(let count):
                position += count
                return true
            }
        }
    }
}

/// Reads a chunked body piece by piece, for a reader whose buffer moves on behind each piece (RFC 9112 section 7.1).
///
/// Chunk extensions are bounded, held to their grammar and ignored, as section 7.1.1 asks of a recipient that knows
/// none of them; trailers are checked like fields and ignored.
struct ChunkedStream: Sendable {
    /// What the bytes at hand begin with.
    enum Piece {
        /// Something that is not whole yet.
        case needsMore
        /// Framing of so many bytes, which can be dropped.
        case framing(Int)
        /// Data from the first byte on.
        case data(Int)
        /// The end of the body, which has so many more bytes, trailers included.
        case end(Int)
    }

    private enum Phase {
        case size
        case data(left: Int)
        case dataEnd
        case trailers
    }

    /// Whether somebody keeps the whole body, so that its data and all of its framing are bounded; of a body that is
    /// dropped piece by piece, which may have no end, a chunk's line is, and the trailers are.
    private let isHeld: Bool
    private var phase = Phase.size
    private var scanner = LineScanner()
    private var framingBytes = 0
    private var dataBytes = 0

    init(isHeld: Bool) {
        self.isHeld = isHeld
    }

    /// How many bytes more make up the data at hand and its CRLF; 0 between chunks.
    var neededCount: Int {
        switch phase {
        case .size, .trailers: 0
        case .data(let left): left + 2
        case .dataEnd: 2
        }
    }

    /// Reads one piece; `bytes` begin where the last one ended.
    mutating func next(
        in bytes: Span<UInt8>,
        framing: inout MessageFraming,
        limits: RequestLimits
    ) throws(Refusal) -> Piece {
        switch phase {
        case .size:
            guard let line = try nextSizeLine(in: bytes, limits: limits) else { return .needsMore }
            let size = try Self.size(parsing: line, in: bytes)
            if isHeld {
                guard size <= limits.bodyBytes - dataBytes else { throw Refusal(.bodyTooLarge, at: line.lowerBound) }
                dataBytes += size
            }
            phase = size == 0 ? .trailers : .data(left: size)
            return .framing(endLine(isCounted: isHeld))
        case .data(let left):
            let count = min(left, bytes.count)
            guard count > 0 else { return .needsMore }
            phase = count == left ? .dataEnd : .data(left: left - count)
            return .data(count)
        case .dataEnd:
            if !bytes.isEmpty, bytes[0] != .carriageReturn { throw Refusal(.badChunkEnd, at: 0) }
            guard bytes.count > 1 else { return .needsMore }
            guard bytes[1] == .lineFeed else { throw Refusal(.badChunkEnd, at: 0) }
            phase = .size
            if isHeld { framingBytes += 2 }
            return .framing(2)
        case .trailers:
            let limit = limits.chunkFramingBytes - framingBytes
            guard let line = try scanner.nextLine(in: bytes, upTo: limit, beyond: .chunkFramingTooLarge)
            else { return .needsMore }
            guard !line.isEmpty else { return .end(endLine(isCounted: true)) }
            try framing.takeTrailer(try HeaderField(parsing: line, in: bytes), in: bytes, limits: limits)
            return .framing(endLine(isCounted: true))
        }
    }

    private mutating func nextSizeLine(in bytes: Span<UInt8>, limits: RequestLimits) throws(Refusal) -> Range<Int>? {
        // The CRLF behind the data, or behind the trailers, counts as framing too.
        let framingLimit = limits.chunkFramingBytes - framingBytes - 2
        guard isHeld, framingLimit <= limits.chunkLineBytes else {
            return try scanner.nextLine(in: bytes, upTo: limits.chunkLineBytes, beyond: .chunkLineTooLong)
        }
        return try scanner.nextLine(in: bytes, upTo: framingLimit, beyond: .chunkFramingTooLarge)
    }

    /// Drops the line that was cut; the next one begins at the first byte.
    private mutating func endLine(isCounted: Bool) -> Int {
        let count = scanner.position
        if isCounted { framingBytes += count }
        scanner = LineScanner()
        return count
    }

    /// Reads hexadecimal digits that end the line or stand right before an extension's semicolon.
    private static func size(parsing line: Range<Int>, in bytes: Span<UInt8>) throws(Refusal) -> Int {
        var size = 0
        var position = line.lowerBound
        while position < line.upperBound, let digit = Hexadecimal.value(of: bytes[position]) {
            // Far above any limit and far below overflow: sixteen times this still fits.
            guard size < 1 << 56 else { throw Refusal(.badChunkSize, at: position) }
            size = size << 4 | Int(digit)
            position += 1
        }
        guard position > line.lowerBound, position == line.upperBound || bytes[position] == UInt8(ascii: ";") else {
            throw Refusal(.badChunkSize, at: position)
        }
        try ChunkExtensions.check(position..<line.upperBound, in: bytes)
        return size
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
