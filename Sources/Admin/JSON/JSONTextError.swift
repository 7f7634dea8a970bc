import Journal
import Notation
import SoftToken

/// Why a text is no JSON that is taken, with the place for a person: the line and the column, counted from 1 in
/// characters.
struct JSONTextError: Error, Equatable, CustomStringConvertible {
    /// What is wrong; it names a member that stands twice.
    let reason: String
    let line: Int
    let column: Int

    /// For example `the member "size" stands twice in an object (line 1, column 12)`.
    var description: String { "\(reason) (line \(line), column \(column))" }

    /// Finds the place of an error, and the name that stands twice.
    private init(_ error: JSONError, in text: [UInt8]) {
        let before = text[..<min(error.offset, text.count)]
        let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        reason =
            switch error.kind {
            case .duplicateKey: "the member \(quoted(Self.name(at: error.offset, in: text))) stands twice in an object"
            default: error.kind.rawValue
            }
        line = before.count { $0 == UInt8(ascii: "\n") } + 1
        column = String(decoding: before[start...], as: UTF8.self).unicodeScalars.count + 1
    }

    private static func name(at offset: Int, in text: [UInt8]) -> String {
        let rest = Array(text[offset...])
        guard var reader = try? JSONReader(rest.span, limit: .max) else { return "" }
        return (try? reader.readString(in: rest.span))?.text(in: rest.span) ?? ""
    }

    /// Reads what a body says; a byte order mark before it is skipped.
    static func value(of body: [UInt8]) throws(JSONTextError) -> JSONValue {
        let text = body.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(body[3...]) : body
        do throws(JSONError) {
            return try JSONValue.read(text)
        } catch {
            throw JSONTextError(error, in: text)
        }
    }
}

/// A text that someone else chose, for a message: short, without what has a secret's form, and in quotes.
func quoted(_ text: String) -> String {
    // Before it is cut: a part of a code has no form.
    VisibleText.quoted(Redaction.redacted(text))
}
