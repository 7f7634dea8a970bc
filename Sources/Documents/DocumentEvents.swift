/// What a parser comes upon next, and on which line.
package struct DocumentEvent: Sendable {
    /// The kinds.
    package enum Kind: Sendable {
        /// A text; a plain one has no quotes.
        case scalar(String, isPlain: Bool)
        /// A list begins.
        case listStart
        /// A mapping begins: keys and values follow in turn.
        case mappingStart
        /// The list or mapping that began last ends.
        case end
        /// The document ends, and nothing follows it.
        case documentEnd
    }

    /// What it is.
    package let kind: Kind
    /// The line on which it begins, counted from 1.
    package let line: Int

    /// Joins the fields.
    package init(_ kind: Kind, line: Int) {
        self.kind = kind
        self.line = line
    }
}

/// A parser of one notation, one event at a time: nothing is built that nobody asked for.
///
/// What only makes a document expensive is refused at its event: nesting beyond ``DocumentBounds/depth``, anchors and
/// aliases, a mapping or a list as a key, a second document.
package protocol DocumentEvents {
    /// `YAML` or `JSON`.
    var notation: String { get }

    /// What comes next; after ``DocumentEvent/Kind/documentEnd`` nothing does.
    mutating func next() throws(DocumentError) -> DocumentEvent
}

extension DocumentEvents {
    /// The error of bytes that are not of this notation, or go beyond its bounds.
    package func error(_ line: Int?, _ reason: String) -> DocumentError {
        DocumentError(line: line, reason: "no valid \(notation): \(reason)", kind: .notation)
    }

    /// The error of what this notation has, and is refused on purpose.
    package func unread(_ line: Int?, _ reason: String) -> DocumentError {
        DocumentError(line: line, reason: reason, kind: .notation)
    }
}

/// What any document may have, whatever it is about.
package enum DocumentBounds {
    /// How deep values nest.
    package static let depth = 64
    /// How many values one tree holds: a document of rules, a configuration, an entry of a registry's list.
    package static let nodes = 200_000
}
