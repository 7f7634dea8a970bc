/// What may follow a chunk's size (RFC 9112 section 7.1.1).
///
/// Nothing is known of any extension here, so all are read and passed over; but what is none is refused, since another
/// reader could take a line end or a size out of it.
enum ChunkExtensions {
    /// Reads `";" name [ "=" value ]`, any number of times, to the end of `range`; blanks may stand where the grammar calls
    /// them bad, except before the first semicolon.
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
