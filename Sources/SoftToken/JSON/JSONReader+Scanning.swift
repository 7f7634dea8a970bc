import Notation

/// The scanners: each begins at ``JSONReader/position`` and leaves it behind what it read.
extension JSONReader {
    /// Scans to the closing quote; the opening one is read.
    @inline(__always)
    mutating func scanString(in bytes: Span<UInt8>) throws(JSONError) -> JSONString {
        let start = position
        var index = start
        while index <= bytes.count - 8 {
            let count = EightBytes(bytes, at: index).stringCount
            index += count
            guard count == 8 else { break }
        }
        // Nearly every string is plain to its end.
        guard index < bytes.count, bytes[index] == 0x22 else {
            return try scanString(from: start, at: index, in: bytes)
        }
        position = index + 1
        return JSONString(range: start..<index, hasEscapes: false)
    }

    /// Scans on from `index`, up to which a string that begins at `start` is plain.
    @inline(never)
    private mutating func scanString(
        from start: Int,
        at index: Int,
        in bytes: Span<UInt8>
    ) throws(JSONError) -> JSONString {
        var index = index
        var hasEscapes = false
        while index < bytes.count {
            switch bytes[index] {
            case 0x22:
                position = index + 1
                return JSONString(range: start..<index, hasEscapes: hasEscapes)
            case 0x5C:
                hasEscapes = true
                index = try Self.endOfEscape(at: index, in: bytes)
            case 0x00..<0x20:
                throw JSONError(.controlCharacter, at: index)
            case 0x20..<0x80:
                index += 1
            default:
                index += try Self.lengthOfScalar(at: index, in: bytes)
            }
        }
        throw JSONError(.truncated, at: bytes.count)
    }

    /// Scans the grammar of RFC 8259 section 6; the first byte is known to be there.
    mutating func scanNumber(in bytes: Span<UInt8>) throws(JSONError) -> JSONNumber {
        let start = position
        if bytes[position] == 0x2D {
            position += 1
        }
        let leading = position
        try scanDigits(in: bytes)
        guard bytes[leading] != 0x30 || position == leading + 1 else { throw JSONError(.invalidNumber, at: leading) }
        var isInteger = true
        if position < bytes.count, bytes[position] == 0x2E {
            isInteger = false
            position += 1
            try scanDigits(in: bytes)
        }
        if position < bytes.count, bytes[position] == 0x65 || bytes[position] == 0x45 {
            isInteger = false
            position += 1
            if position < bytes.count, bytes[position] == 0x2B || bytes[position] == 0x2D {
                position += 1
            }
            try scanDigits(in: bytes)
        }
        return JSONNumber(range: start..<position, isInteger: isInteger)
    }

    /// Scans one of the three literal names.
    mutating func scanWord(_ word: String, in bytes: Span<UInt8>) throws(JSONError) {
        for byte in word.utf8 {
            guard position < bytes.count else { throw JSONError(.truncated, at: position) }
            guard bytes[position] == byte else { throw JSONError(.unexpectedByte, at: position) }
            position += 1
        }
    }

    private mutating func scanDigits(in bytes: Span<UInt8>) throws(JSONError) {
        let start = position
        while position < bytes.count, (0x30...0x39).contains(bytes[position]) {
            position += 1
        }
        guard position > start else {
            throw JSONError(position < bytes.count ? .invalidNumber : .truncated, at: position)
        }
    }

    /// Where the escape that begins at `index` ends; a surrogate pair is one escape.
    private static func endOfEscape(at index: Int, in bytes: Span<UInt8>) throws(JSONError) -> Int {
        guard index + 1 < bytes.count else { throw JSONError(.truncated, at: bytes.count) }
        switch bytes[index + 1] {
        case 0x22, 0x5C, 0x2F, 0x62, 0x66, 0x6E, 0x72, 0x74: return index + 2
        case 0x75: break
        default: throw JSONError(.invalidEscape, at: index)
        }
        switch try codeUnit(at: index, in: bytes) {
        case 0xDC00...0xDFFF:
            throw JSONError(.loneSurrogate, at: index)
        case 0xD800...0xDBFF:
            let next = index + 6
            guard next + 1 < bytes.count, bytes[next] == 0x5C, bytes[next + 1] == 0x75,
                (0xDC00...0xDFFF).contains(try codeUnit(at: next, in: bytes))
            else { throw JSONError(.loneSurrogate, at: index) }
            return index + 12
        default:
            return index + 6
        }
    }

    private static func codeUnit(at index: Int, in bytes: Span<UInt8>) throws(JSONError) -> UInt64 {
        guard let unit = Hexadecimal.number(in: bytes, at: index + 2, byteCount: 2) else {
            throw JSONError(.invalidEscape, at: index)
        }
        return unit
    }

    /// How many bytes the scalar beyond ASCII at `index` has (RFC 3629 section 4: the second byte's range depends on
    /// the first, which is what keeps overlong forms, surrogates and numbers beyond U+10FFFF out).
    private static func lengthOfScalar(at index: Int, in bytes: Span<UInt8>) throws(JSONError) -> Int {
        let (length, second): (Int, ClosedRange<UInt8>) =
            switch bytes[index] {
            case 0xC2...0xDF: (2, 0x80...0xBF)
            case 0xE0: (3, 0xA0...0xBF)
            case 0xE1...0xEC, 0xEE, 0xEF: (3, 0x80...0xBF)
            case 0xED: (3, 0x80...0x9F)
            case 0xF0: (4, 0x90...0xBF)
            case 0xF1...0xF3: (4, 0x80...0xBF)
            case 0xF4: (4, 0x80...0x8F)
            default: throw JSONError(.invalidUTF8, at: index)
            }
        guard index + length <= bytes.count, second.contains(bytes[index + 1]) else {
            throw JSONError(.invalidUTF8, at: index)
        }
        for distance in 2..<max(2, length) where !(0x80...0xBF).contains(bytes[index + distance]) {
            throw JSONError(.invalidUTF8, at: index)
        }
        return length
    }
}
