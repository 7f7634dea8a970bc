/// How a text is written as a JSON string.
///
/// RFC 8259 section 7 demands that quotes, backslashes and control characters are escaped. Which of these are written
/// with a letter, whether digits are capitals, and what else is escaped, it leaves open: readers take them all for the
/// same, and who compares bytes finds the ones that each place always wrote.
package struct JSONEscapes: Sendable {
    /// What is escaped besides.
    private enum Further {
        case nothing
        /// DEL, which some terminals obey.
        case delete
        /// What YAML takes for a line's end or can't print, so that it reads the text as well (YAML 1.2.2 section 5.1).
        case unprintable
    }

    /// The control characters that are written with a letter, by it.
    private let letters: String
    private let isUpperCase: Bool
    private let further: Further

    /// What the service answers, and the journal's records.
    package static let wire = JSONEscapes(letters: "btnfr", isUpperCase: true, further: .nothing)
    /// What the operator's plane answers.
    package static let plane = JSONEscapes(letters: "n", isUpperCase: false, further: .delete)
    /// Texts in quotes of documents that are JSON or YAML.
    package static let document = JSONEscapes(letters: "", isUpperCase: true, further: .unprintable)
    /// What the command line prints of a value.
    package static let shown = JSONEscapes(letters: "btnfr", isUpperCase: false, further: .nothing)
    /// The log's lines.
    package static let log = JSONEscapes(letters: "tnr", isUpperCase: false, further: .delete)

    /// Writes the text, in quotes, behind what `bytes` holds.
    package func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(0x22)
        if text.utf8.allSatisfy({ isPlain($0) }) {
            bytes += text.utf8
        } else {
            for scalar in text.unicodeScalars {
                if mustEscape(scalar) {
                    appendEscape(of: scalar.value, to: &bytes)
                } else {
                    bytes += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
                }
            }
        }
        bytes.append(0x22)
    }

    /// Writes a text's escape: of a character up to U+FFFF that has to have one.
    package func appendEscape(of value: UInt32, to bytes: inout [UInt8]) {
        bytes.append(0x5C)
        if value == 0x22 || value == 0x5C {
            bytes.append(UInt8(truncatingIfNeeded: value))
        } else if let letter = Self.letter(of: value), letters.utf8.contains(letter) {
            bytes.append(letter)
        } else {
            bytes.append(UInt8(ascii: "u"))
            for shift in stride(from: 12, through: 0, by: -4) as StrideThrough<UInt32> {
                let digit = UInt8(truncatingIfNeeded: value >> shift & 0xF)
                bytes.append(isUpperCase ? Hexadecimal.upperDigit(digit) : Hexadecimal.lowerDigit(digit))
            }
        }
    }

    private static func letter(of value: UInt32) -> UInt8? {
        switch value {
        case 0x08: UInt8(ascii: "b")
        case 0x09: UInt8(ascii: "t")
        case 0x0A: UInt8(ascii: "n")
        case 0x0C: UInt8(ascii: "f")
        case 0x0D: UInt8(ascii: "r")
        default: nil
        }
    }

    /// Whether a byte of a text is nothing that must be escaped, nor part of it.
    private func isPlain(_ byte: UInt8) -> Bool {
        byte < 0x80 ? !mustEscape(Unicode.Scalar(byte)) : further != .unprintable
    }

    private func mustEscape(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x22, 0x5C: true
        case 0x7F: further != .nothing
        case 0x80...0x9F, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF: further == .unprintable
        default: false
        }
    }
}
