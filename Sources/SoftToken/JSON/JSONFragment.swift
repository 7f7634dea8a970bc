/// A stretch of JSON that is the same wherever it stands, copied in one piece: most of an answer is names and punctuation.
struct JSONFragment: Sendable {
    /// The text, with the comma that stands before it behind another member or element.
    let bytes: [UInt8]
    /// Whether ``bytes`` begins with that comma, which what closes an object or array never has.
    let hasComma: Bool
    /// Whether a comma is due behind it.
    let needsComma: Bool

    /// Takes text that begins and ends between two tokens, without the comma before it.
    init(_ text: String) {
        hasComma = !text.hasPrefix("}") && !text.hasPrefix("]")
        bytes = Array((hasComma ? ",\(text)" : text).utf8)
        needsComma = !text.hasSuffix("{") && !text.hasSuffix("[") && !text.hasSuffix(":")
    }
}
