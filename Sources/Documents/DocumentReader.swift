import Notation

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

/// Reads a document piece by piece off its parser's events.
package struct DocumentReader<Events: DocumentEvents> {
    private var events: Events

    /// Reads what a parser comes upon.
    package init(_ events: Events) {
        self.events = events
    }

    /// What comes next.
    package mutating func next() throws(DocumentError) -> DocumentEvent { try events.next() }

    /// The next key of the mapping that was begun, or nil at its end; it may stand twice.
    ///
    /// What stands at a key is a scalar, but not null: the parser refuses anything else, except that it may be empty.
    package mutating func key() throws(DocumentError) -> DocumentNode? {
        let event = try events.next()
        switch event.kind {
        case .end: return nil
        case .scalar(let text, let isPlain):
            if isPlain, text == "<<" {
                let reason = "merge keys ('<<') are not read here, nor anchors and aliases ('&', '*')"
                throw events.unread(event.line, reason)
            }
            if isPlain, CoreSchema.isNull(text) { throw events.error(event.line, "a key is null") }
            return DocumentNode(.scalar(text, isPlain: isPlain), line: event.line)
        case .listStart, .mappingStart: throw events.error(event.line, "a key is a list or a mapping")
        case .documentEnd: throw events.error(event.line, "the document ends in the middle")
        }
    }

    /// The next element of the list that was begun, or nil at its end.
    package mutating func element() throws(DocumentError) -> DocumentNode? {
        let event = try events.next()
        if case .end = event.kind { return nil }
        return try node(event)
    }

    /// The value that begins with an event, whole.
    package mutating func node(_ event: DocumentEvent) throws(DocumentError) -> DocumentNode {
        var budget = DocumentBounds.nodes
        return try node(event, &budget)
    }

    private mutating func node(_ event: DocumentEvent, _ budget: inout Int) throws(DocumentError) -> DocumentNode {
        budget -= 1
        guard budget >= 0 else {
            throw events.error(event.line, "more than \(DocumentBounds.nodes) values in one")
        }
        switch event.kind {
        case .scalar(let text, let isPlain): return DocumentNode(.scalar(text, isPlain: isPlain), line: event.line)
        case .listStart:
            var list: [DocumentNode] = []
            while true {
                let next = try events.next()
                if case .end = next.kind { return DocumentNode(.list(list), line: event.line) }
                list.append(try node(next, &budget))
            }
        case .mappingStart: return try mapping(event, &budget)
        case .end, .documentEnd: throw events.error(event.line, "a value is missing")
        }
    }

    private mutating func mapping(_ event: DocumentEvent, _ budget: inout Int) throws(DocumentError) -> DocumentNode {
        var members: [(key: DocumentNode, value: DocumentNode)] = []
        // Most mappings are small, and need no set to tell that a key stands twice.
        var names: Set<String> = []
        while let key = try key() {
            let name = key.text ?? ""
            let isNew: Bool
            if members.count < 8 {
                isNew = !members.contains { $0.key.text == name }
            } else {
                if names.isEmpty { names = Set(members.compactMap(\.key.text)) }
                isNew = names.insert(name).inserted
            }
            guard isNew else {
                let shown = VisibleText.shown(name, upTo: 32)
                throw DocumentError(line: key.line, reason: "the key '\(shown)' stands twice in one mapping")
            }
            budget -= 1
            members.append((key, try node(try events.next(), &budget)))
        }
        return DocumentNode(.mapping(members), line: event.line)
    }

    /// Makes sure that nothing follows.
    package mutating func finish() throws(DocumentError) {
        let event = try events.next()
        guard case .documentEnd = event.kind else { throw events.error(event.line, "something follows the document") }
    }
}
