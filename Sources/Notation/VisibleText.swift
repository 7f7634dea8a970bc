/// Texts that someone else chose, for a message of one line: short, and without what does anything to a terminal.
package enum VisibleText {
    /// The text's first characters, those that nobody sees as `?`.
    ///
    /// What is cut ends before the word that the cut would part, where there is another before it: the beginning of a code has
    /// no form by which it could be told from other text, and hidden.
    package static func shown(_ text: String, upTo limit: Int = 48) -> String {
        let scalars = Array(text.unicodeScalars.prefix(limit + 1))
        var shown = scalars.prefix(limit)
        let isCut = scalars.count > limit
        if isCut, let border = shown.lastIndex(where: { !isOfWord($0) }) { shown = shown[...border] }
        var visible = ""
        for scalar in shown { visible.unicodeScalars.append(scalar.properties.isVisible ? scalar : "?") }
        return isCut ? visible + "…" : visible
    }

    /// Whether it may stand in a code: a letter, a digit or a hyphen.
    private static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.isDigit || scalar == "-"
    }

    /// The same in quotes.
    package static func quoted(_ text: String, upTo limit: Int = 48) -> String { "\"\(shown(text, upTo: limit))\"" }
}

extension Unicode.Scalar {
    fileprivate var isDigit: Bool { (0x30...0x39).contains(value) }
}

extension Unicode.Scalar.Properties {
    /// Whether a terminal shows it, and does nothing else with it.
    fileprivate var isVisible: Bool {
        switch generalCategory {
        case .control, .format, .surrogate, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse: false
        default: true
        }
    }
}
