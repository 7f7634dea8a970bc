package import Yams

/// A value of a document on its way in, whichever notation it came from.
package struct DocumentNode: Sendable {
    /// What stands there.
    package enum Content: Sendable {
        /// A text; a plain one has no quotes, so it may be a number, a truth value or null.
        case scalar(String, isPlain: Bool)
        /// A list.
        case list([DocumentNode])
        /// Keys and values in their order; a key may stand twice.
        case mapping([(key: DocumentNode, value: DocumentNode)])
    }

    /// The value.
    package var content: Content
    /// The line on which it begins, counted from 1, where that is known.
    package var line: Int?

    /// Joins the fields.
    init(_ content: Content, line: Int?) {
        self.content = content
        self.line = line
    }

    /// What the YAML parser made of a value.
    package init(_ node: Node) {
        line = node.mark?.line
        switch node {
        case .scalar(let scalar): content = .scalar(scalar.string, isPlain: scalar.style == .plain)
        case .sequence(let sequence): content = .list(sequence.map { DocumentNode($0) })
        case .mapping(let mapping):
            content = .mapping(mapping.map { (DocumentNode($0.key), DocumentNode($0.value)) })
        // Aliases are refused before the parser sees them.
        case .alias: content = .list([])
        }
    }

    /// The text of a scalar.
    package var text: String? {
        if case .scalar(let text, _) = content { text } else { nil }
    }

    /// Whether nothing is meant; only these words, for `NULL` may be a serial.
    package var isNull: Bool {
        guard case .scalar(let text, isPlain: true) = content else { return false }
        return text == "null" || text == "~" || text.isEmpty
    }
}
