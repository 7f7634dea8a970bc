/// Sentences, broken into lines at their blanks.
enum Prose {
    /// The lines of a text, none wider than `width` unless a single word is; such a word is broken too where
    /// `breaksWords` says so.
    static func lines(_ text: String, width: Int, breaksWords: Bool = false) -> [String] {
        guard text.count > width else { return [text] }
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if !line.isEmpty, line.count + 1 + word.count <= width {
                line += " " + word
                continue
            }
            if !line.isEmpty { lines.append(line) }
            var rest = word
            while breaksWords, width > 0, rest.count > width {
                lines.append(String(rest.prefix(width)))
                rest = rest.dropFirst(width)
            }
            line = String(rest)
        }
        return lines + [line]
    }
}
