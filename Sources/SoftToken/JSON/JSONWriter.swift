import Notation

/// Writes one compact JSON document, members in the order of the calls.
///
/// It checks nothing: the caller opens and closes what it writes, and a key is followed by one value.
package struct JSONWriter: Sendable {
    /// What was written so far, behind whatever the buffer held.
    package private(set) var bytes: [UInt8]
    private var needsComma = false

    /// Writes behind what `bytes` already holds.
    package init(appendingTo bytes: consuming [UInt8] = []) {
        self.bytes = bytes
    }

    /// Opens an object.
    package mutating func beginObject() { open(0x7B) }

    /// Closes an object.
    package mutating func endObject() { close(0x7D) }

    /// Opens an array.
    package mutating func beginArray() { open(0x5B) }

    /// Closes an array.
    package mutating func endArray() { close(0x5D) }

    /// Writes a member's name, which holds nothing to be escaped.
    package mutating func key(_ name: String) {
        separate()
        bytes.append(0x22)
        bytes.append(contentsOf: name.utf8)
        bytes.append(0x22)
        bytes.append(0x3A)
        needsComma = false
    }

    /// Writes `null`.
    package mutating func null() {
        separate()
        bytes.append(contentsOf: "null".utf8)
    }

    /// Writes `true` or `false`.
    package mutating func boolean(_ value: Bool) {
        separate()
        bytes.append(contentsOf: (value ? "true" : "false").utf8)
    }

    /// Writes an integer.
    package mutating func integer(_ value: Int) {
        separate()
        if value < 0 { bytes.append(0x2D) }
        // From the last digit to the first: a division by ten is a multiplication, and one by a variable is not.
        var digits = InlineArray<20, UInt8>(repeating: 0)
        var first = digits.count
        var rest = value.magnitude
        repeat {
            first -= 1
            digits[first] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
        for index in first..<digits.count {
            bytes.append(digits[index])
        }
    }

    /// Writes a string, and escapes what RFC 8259 section 7 says must be: quotes, backslashes and control characters.
    package mutating func string(_ text: String) {
        separate()
        let utf8 = text.utf8.span
        guard Self.isPlain(utf8) else { return JSONEscapes.wire.append(text, to: &bytes) }
        bytes.append(addingCapacity: utf8.count + 2) { output in
            output.append(0x22)
            for index in utf8.indices {
                output.append(utf8[index])
            }
            output.append(0x22)
        }
    }

    /// Writes a string, or `null` for none.
    package mutating func string(orNull text: String?) {
        if let text { string(text) } else { null() }
    }

    /// Gives the buffer back.
    package consuming func finish() -> [UInt8] { bytes }

    private mutating func open(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    /// Writes the comma between two members or elements; what follows is a value or a key, after which one is due
    /// again.
    private mutating func separate() {
        if needsComma { bytes.append(0x2C) }
        needsComma = true
    }

    /// Whether the text can be copied as it is.
    private static func isPlain(_ text: Span<UInt8>) -> Bool {
        var index = 0
        while index < text.count {
            guard EightBytes(text, from: index).escapesNothing(in: text.count - index) else { return false }
            index += 8
        }
        return true
    }
}
