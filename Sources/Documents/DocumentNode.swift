package import Notation

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

    /// The value of a mapping's member; nil where there is none or this is no mapping.
    package subscript(name: String) -> DocumentNode? {
        guard case .mapping(let members) = content else { return nil }
        return members.first { $0.key.text == name }?.value
    }

    /// The text of a scalar.
    package var text: String? { if case .scalar(let text, _) = content { text } else { nil } }

    /// Whether nothing is meant.
    package var isNull: Bool {
        if case .scalar(let text, isPlain: true) = content { CoreSchema.isNull(text) } else { false }
    }

    /// The truth value that a plain scalar is.
    package var flag: Bool? {
        if case .scalar(let text, isPlain: true) = content { CoreSchema.flag(text) } else { nil }
    }

    /// What an error repeats of the value: a scalar's first bytes in quotes, or what kind of value it is.
    package var echo: String {
        switch content {
        case .scalar(_, isPlain: true) where isNull: "null"
        case .scalar(let text, _): VisibleText.quoted(text)
        case .list: "a list"
        case .mapping: "a mapping"
        }
    }
}

extension DocumentNode {
    /// Reads a document of any matter, with the lines on which things stand.
    ///
    /// A byte order mark before it is skipped.
    ///
    /// - Parameters:
    ///   - bytes: The document.
    ///   - format: How it is written.
    ///   - isWanted: Asked now and then; once it says no, the reading ends with ``DocumentError/Kind/stopped``.
    /// - Returns: What stands at the top.
    /// - Throws: A ``DocumentError`` where the bytes are no UTF-8, are not in this format, or have something that is
    ///   not read here: aliases, merge keys, tags of others, a second document.
    package static func read(
        _ bytes: [UInt8],
        as format: DocumentFormat,
        while isWanted: @escaping @Sendable () -> Bool = { true }
    ) throws(DocumentError) -> DocumentNode {
        switch format {
        case .json: try read(JSONEvents(try DocumentBytes(bytes), while: isWanted))
        case .yaml: try read(YAMLEvents(try DocumentBytes(bytes), while: isWanted))
        }
    }

    private static func read<Events: DocumentEvents>(_ events: Events) throws(DocumentError) -> DocumentNode {
        var reader = DocumentReader(events)
        let root = try reader.node(try reader.next())
        try reader.finish()
        return root
    }
}

extension JSONValue {
    /// What stands at a place of a document: without quotes, what looks like a number is one.
    package init(_ node: DocumentNode) {
        switch node.content {
        case .list(let nodes): self = .array(nodes.map { JSONValue($0) })
        case .mapping(let members): self = .object(members.map { .init($0.key.text ?? "?", JSONValue($0.value)) })
        case .scalar(let text, isPlain: false): self = .string(text)
        case .scalar(let text, isPlain: true):
            if node.isNull {
                self = .null
            } else if let flag = node.flag {
                self = .flag(flag)
            } else {
                self = CoreSchema.number(text).map { JSONValue($0) } ?? .string(text)
            }
        }
    }
}
