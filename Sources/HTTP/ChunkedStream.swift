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
