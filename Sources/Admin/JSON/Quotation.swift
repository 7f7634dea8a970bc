import Journal

/// A text that someone else chose, for a message: short, without what has a secret's form, and in quotes.
func quoted(_ text: String) -> String {
    // Before it is cut: a part of a code has no form.
    let redacted = Redaction.redacted(text).unicodeScalars
    let visible = redacted.prefix(48).map { $0.value < 0x20 || $0.value == 0x7F ? "?" : String($0) }.joined()
    return "\"\(visible)\(redacted.count > 48 ? "…" : "")\""
}
