/// Texts that someone else chose, for a message of one line: short, and without what does anything to a terminal.
package enum VisibleText {
    /// The text's first characters, those that nobody sees as `?`.
    package static func shown(_ text: String, upTo limit: Int = 48) -> String {
        var visible = ""
        for (index, scalar) in text.unicodeScalars.prefix(limit + 1).enumerated() {
            if index == limit {
                visible += "…"
            } else {
                visible.unicodeScalars.append(scalar.properties.isVisible ? scalar : "?")
            }
        }
        return visible
    }

    /// The same in quotes.
    package static func quoted(_ text: String, upTo limit: Int = 48) -> String { "\"\(shown(text, upTo: limit))\"" }
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
