/// A text that someone else chose, for a message: short, and in quotes.
func quoted(_ text: String) -> String {
    let visible = text.unicodeScalars.prefix(48).map { $0.value < 0x20 || $0.value == 0x7F ? "?" : String($0) }.joined()
    return "\"\(visible)\""
}
