import Notation

/// Where a string stands in the document: what is between its quotes, still escaped.
///
/// The reader has checked it already. Most of the service's strings are serials and codes that are checked byte by
/// byte, so no `String` is made until one is asked for.
package struct JSONString: Sendable {
    // Offsets fit, since the reader refuses documents past `Int32.max`; an object keeps many of these.
    private let start: UInt32
    private let end: UInt32
    /// Whether a backslash stands in it; the bytes of ``range`` are the text where none does.
    package let hasEscapes: Bool

    /// The bytes between the quotes.
    package var range: Range<Int> { Int(start)..<Int(end) }

    /// A string of no bytes, for slots that hold none yet.
    static var none: JSONString { JSONString(range: 0..<0, hasEscapes: false) }

    /// Marks a checked string.
    init(range: Range<Int>, hasEscapes: Bool) {
        (start, end, self.hasEscapes) = (UInt32(range.lowerBound), UInt32(range.upperBound), hasEscapes)
    }

    /// The text's UTF-8 with its escapes resolved.
    package func unescaped(in bytes: Span<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            guard bytes[index] == 0x5C else {
                text.append(bytes[index])
                index += 1
                continue
            }
            let letter = bytes[index + 1]
            index += 2
            switch letter {
            case 0x62: text.append(0x08)
            case 0x66: text.append(0x0C)
            case 0x6E: text.append(0x0A)
            case 0x72: text.append(0x0D)
            case 0x74: text.append(0x09)
            case 0x75: index = Self.appendScalar(in: bytes, at: index, to: &text)
            default: text.append(letter)
            }
        }
        return text
    }

    /// The text.
    package func text(in bytes: Span<UInt8>) -> String {
        guard !hasEscapes, let utf8 = try? UTF8Span(validating: bytes.extracting(range)) else {
            return String(decoding: unescaped(in: bytes), as: UTF8.self)
        }
        return String(copying: utf8)
    }

    /// Hands the text's bytes to `read`, in place where they hold no escape.
    func map<Value>(in bytes: Span<UInt8>, _ read: (Span<UInt8>) -> Value) -> Value {
        hasEscapes ? read(unescaped(in: bytes).span) : read(bytes.extracting(range))
    }

    /// Whether it stands for this text.
    func equals(_ text: String, in bytes: Span<UInt8>) -> Bool { map(in: bytes) { $0.equals(text) } }

    /// Whether both strings stand for the same text.
    @inline(__always)
    func equals(_ other: JSONString, in bytes: Span<UInt8>) -> Bool {
        guard !hasEscapes, !other.hasEscapes else { return unescaped(in: bytes) == other.unescaped(in: bytes) }
        guard end &- start == other.end &- other.start else { return false }
        return bytes.extracting(range).equals(bytes.extracting(other.range))
    }

    /// Appends the scalar whose first four digits stand at `index`, and returns where the escape ends.
    private static func appendScalar(in bytes: Span<UInt8>, at index: Int, to text: inout [UInt8]) -> Int {
        let unit = UInt32(truncatingIfNeeded: Hexadecimal.number(in: bytes, at: index, byteCount: 2) ?? 0)
        guard (0xD800...0xDBFF).contains(unit) else {
            append(scalar: unit, to: &text)
            return index + 4
        }
        let low = UInt32(truncatingIfNeeded: Hexadecimal.number(in: bytes, at: index + 6, byteCount: 2) ?? 0)
        append(scalar: 0x1_0000 + (unit & 0x3FF) << 10 + low & 0x3FF, to: &text)
        return index + 10
    }

    private static func append(scalar: UInt32, to text: inout [UInt8]) {
        guard let scalar = Unicode.Scalar(scalar) else { return }
        for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
            text.append(byte)
        }
    }
}

/// Where a number stands in the document, in the grammar of RFC 8259 section 6.
package struct JSONNumber: Sendable {
    /// The bytes of the number.
    package let range: Range<Int>
    /// Whether it is written without fraction and exponent.
    package let isInteger: Bool

    /// The value, or nil where the number has a fraction or an exponent or does not fit in an `Int`.
    ///
    /// `1.0` and `1e2` are JSON, but an integer is asked for in plain notation only: nothing is rounded, ever.
    package func integer(in bytes: Span<UInt8>) -> Int? {
        isInteger ? Int(text(in: bytes)) : nil
    }

    /// The number as it is written.
    func text(in bytes: Span<UInt8>) -> String { String(decoding: range.map { bytes[$0] }, as: UTF8.self) }
}

extension Span<UInt8> {
    /// Whether these bytes are `text`.
    func equals(_ text: String) -> Bool { equals(text.utf8.span) }

    /// Whether both are the same bytes.
    func equals(_ other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        var index = 0
        while index <= count - 8 {
            guard EightBytes(self, at: index) == EightBytes(other, at: index) else { return false }
            index += 8
        }
        while index < count {
            guard self[index] == other[index] else { return false }
            index += 1
        }
        return true
    }
}
