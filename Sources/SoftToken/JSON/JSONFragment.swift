/// A stretch of JSON that is the same wherever it stands, copied in one piece: most of an answer is names and punctuation.
struct JSONFragment: Sendable {
    /// The text, with the comma that stands before it behind another member or element.
    let bytes: [UInt8]
    /// The text without that comma; the same where it never has one, since it closes an object or array.
    let bytesBehindComma: [UInt8]
    /// Whether a comma is due behind it.
    let needsComma: Bool

    /// Takes text that begins and ends between two tokens, without the comma before it.
    init(_ text: String) {
        let hasComma = !text.hasPrefix("}") && !text.hasPrefix("]")
        bytes = Array((hasComma ? ",\(text)" : text).utf8)
        bytesBehindComma = Array(text.utf8)
        needsComma = !text.hasSuffix("{") && !text.hasSuffix("[") && !text.hasSuffix(":")
    }
}
