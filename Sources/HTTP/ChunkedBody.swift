import Notation

/// Reads a chunked body and compacts its data in place (RFC 9112 section 7.1).
///
/// Data moves towards the body's start, over framing that was already read. Chunk extensions are bounded, held to
/// their grammar and ignored, as section 7.1.1 asks of a recipient that knows none of them; trailers are checked like fields and ignored.
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
        guard case .data(let end) = piece else {
            return 0
        }
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
                guard try takeData(upTo: end, from: &bytes, scanner: &scanner) else {
                    return false
                }
                piece = .size
            case .trailers:
                let limit = framingLimit(limits)
                guard
                    let line = try scanner.nextLine(in: bytes.span, upTo: limit, beyond: .chunkFramingTooLarge)
                else {
                    return false
                }
                if line.isEmpty {
                    return true
                }
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
            guard size < 1 << 56 else {
                throw Refusal(.badChunkSize, at: position)
            }
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
        if bytes.count > end, bytes[end] != .carriageReturn {
            throw Refusal(.badChunkEnd, at: end)
        }
        guard bytes.count > end + 1 else {
            return false
        }
        guard bytes[end + 1] == .lineFeed else {
            throw Refusal(.badChunkEnd, at: end)
        }
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
