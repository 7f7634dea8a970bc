import Yams

/// Reads a document in YAML through Yams.
enum YAMLDocumentReader {
    /// The draft in the text.
    static func read(_ text: String) throws(DocumentError) -> DocumentDraft {
        let root = try root(of: text)
        guard let mapping = root.mapping else {
            throw DocumentError(line: root.mark?.line, reason: "must be a mapping")
        }
        var reader = DraftReader()
        for (key, value) in mapping {
            guard let section = key.scalar.flatMap({ DocumentSection(rawValue: $0.string) }) else {
                let known = DocumentSection.allCases.map(\.rawValue)
                throw DocumentError(line: key.mark?.line, reason: DocumentEntry.unknown(key.scalar?.string, known))
            }
            if case .scalar = value, DocumentNode(value).isNull { continue }
            guard let sequence = value.sequence else {
                throw DocumentError(path: section.rawValue, line: value.mark?.line, reason: "must be a list")
            }
            for (index, node) in sequence.enumerated() {
                try reader.add(DocumentNode(node), to: section, at: index)
            }
        }
        return reader.draft
    }

    /// What stands at the top of the text.
    static func root(of text: String) throws(DocumentError) -> Node {
        try refuseAliases(in: text)
        guard let root = try compose(text) else { throw DocumentError(reason: "the document is empty") }
        return root
    }

    private static func compose(_ text: String) throws(DocumentError) -> Node? {
        do {
            return try Yams.compose(yaml: text, .basic)
        } catch let error as YamlError {
            throw DocumentError(error)
        } catch {
            throw DocumentError(reason: "the document can't be read")
        }
    }

    /// Refuses YAML's anchors and aliases before the parser resolves them.
    ///
    /// Nested, they make a short text stand for an endless one. No document here has a use for them, so what looks like
    /// one is refused, in quotes too; the writer escapes it there.
    private static func refuseAliases(in text: String) throws(DocumentError) {
        var line = 1
        var previous: UInt8 = 0x0A
        var isComment = false
        var lineIsBlank = true
        for byte in text.utf8 {
            if byte == 0x0A {
                (line, isComment, lineIsBlank) = (line + 1, false, true)
            } else if lineIsBlank, byte == 0x23 {
                isComment = true
            } else if !isComment, byte == 0x26 || byte == 0x2A, " \t\n\r[{,:?-".utf8.contains(previous) {
                throw DocumentError(line: line, reason: "anchors and aliases ('&', '*') are not read here")
            }
            if byte != 0x20, byte != 0x09, byte != 0x0A { lineIsBlank = false }
            previous = byte
        }
    }
}

extension DocumentError {
    /// What the YAML parser says, without the text around it, which may hold secrets.
    fileprivate init(_ error: YamlError) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            self.init(line: mark.line, reason: "no valid YAML or JSON: \(problem)")
        case .duplicatedKeysInMapping(let duplicates, let context):
            let keys = duplicates.map { "'\($0.prefix(32))'" }.joined(separator: ", ")
            self.init(line: context.mark.line, reason: "the key \(keys) stands twice in one mapping")
        case .reader(let problem, _, _, _):
            self.init(reason: "no valid YAML or JSON: \(problem)")
        default:
            self.init(reason: "no valid YAML or JSON")
        }
    }
}
