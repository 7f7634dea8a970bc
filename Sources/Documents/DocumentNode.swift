import Notation

/// A value of a document on its way in, whichever notation it came from.
package struct DocumentNode: Sendable {
    /// What stands there.
    package enum Content: Sendable {
        /// A text; a plain one has no quotes, so it may be a number, a truth value or null.
        case scalar(String, isPlain: Bool)
        /// A list.
        case list([DocumentNode])
        /// Keys and values in their order; each key is a scalar, and none stands twice.
        case mapping([(key: DocumentNode, value: DocumentNode)])
    }

    /// The value.
    package var content: Content
    /// 0 where the line is not known: half the size that an optional has.
    private var lineNumber: UInt32

    /// Joins the fields.
    package init(_ content: Content, line: Int?) {
        self.content = content
        lineNumber = UInt32(clamping: line ?? 0)
    }

    /// The line on which it begins, counted from 1, where that is known.
    package var line: Int? { lineNumber == 0 ? nil : Int(lineNumber) }

    /// The text of a scalar.
    package var text: String? {
        if case .scalar(let text, _) = content { text } else { nil }
    }

    /// Whether nothing is meant.
    package var isNull: Bool {
        guard case .scalar(let text, isPlain: true) = content else { return false }
        return CoreSchema.isNull(text)
    }

    /// The truth value that a plain scalar is.
    package var flag: Bool? {
        guard case .scalar(let text, isPlain: true) = content else { return nil }
        return CoreSchema.flag(text)
    }

    /// What an error repeats of the value: a scalar's first bytes in quotes, or what kind of value it is.
    package var echo: String {
        switch content {
        case .scalar(_, isPlain: true) where isNull: "null"
        case .scalar(let text, _): Self.quoted(text)
        case .list: "a list"
        case .mapping: "a mapping"
        }
    }

    /// A text that someone else chose, for a message: short, visible, and in quotes.
    package static func quoted(_ text: String) -> String { "\"\(visible(text))\"" }

    /// A text that someone else chose, for a message of one line: its first characters, those that are none as `?`.
    package static func visible(_ text: String, upTo limit: Int = 48) -> String { VisibleText.shown(text, upTo: limit) }
}
