/// A file that holds an admin plane's bearer token, as `serve` and the commands read it.
enum TokenFile {
    /// Its first word, behind a byte order mark where an editor has written one; nil where there is none.
    static func token(in text: String) -> String? {
        let mark = "\u{FEFF}"
        let words = text.hasPrefix(mark) ? text.dropFirst(mark.count) : text[...]
        return words.split(whereSeparator: \.isWhitespace).first.map(String.init)
    }
}
