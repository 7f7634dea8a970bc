package import Documents
import Notation

/// A value of a document on its way out; the API's resources carry the same fields.
package enum DocumentValue: Sendable {
    /// A field of a mapping.
    package typealias Field = (name: String, value: DocumentValue)

    /// A text of our own vocabulary, which YAML needs no quotes for unless it starts with a mark or would be null.
    case word(String)
    /// A text that someone else chose.
    case text(String)
    /// A whole number.
    case number(Int)
    /// True or false.
    case flag(Bool)
    /// Values in their order.
    case list([DocumentValue])
    /// Fields in their order.
    case map([Field])

    /// Appends the value's UTF-8, on one line.
    package func append(to bytes: inout [UInt8], as format: DocumentFormat) {
        switch self {
        case .word(let word):
            if format == .json || word.hasPrefix("-") || Self.looksLikeAnother(word) {
                JSONEscapes.document.append(word, to: &bytes)
            } else {
                bytes += word.utf8
            }
        case .text(let text): JSONEscapes.document.append(text, to: &bytes)
        case .number(let number): bytes += String(number).utf8
        case .flag(let flag): bytes += (flag ? "true" : "false").utf8
        case .list(let values):
            bytes.append(0x5B)
            for (index, value) in values.enumerated() {
                if index > 0 { bytes += ", ".utf8 }
                value.append(to: &bytes, as: format)
            }
            bytes.append(0x5D)
        case .map(let fields):
            bytes += "{ ".utf8
            for (index, field) in fields.enumerated() {
                if index > 0 { bytes += ", ".utf8 }
                if format == .json { bytes.append(0x22) }
                bytes += field.name.utf8
                bytes += (format == .json ? "\": " : ": ").utf8
                field.value.append(to: &bytes, as: format)
            }
            bytes += " }".utf8
        }
    }

    /// The value as JSON text.
    package var json: String {
        var bytes: [UInt8] = []
        append(to: &bytes, as: .json)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether YAML's readers take a word for a number, a truth value or nothing: a serial may be `1243`, `NULL` or `NO`.
    private static func looksLikeAnother(_ word: String) -> Bool {
        ["NULL", "TRUE", "FALSE", "YES", "NO", "ON", "OFF", "Y", "N"].contains(word)
            || word.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x45 }
    }
}
