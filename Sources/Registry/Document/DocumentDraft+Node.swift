extension DocumentDraft {
    /// Reads a registry document that is part of another one, and checks each entry by itself.
    ///
    /// Throws a ``DocumentError`` with the first thing that is wrong; its path begins at the registry document.
    package static func read(_ node: DocumentNode) throws(DocumentError) -> DocumentDraft {
        guard case .mapping(let members) = node.content else {
            throw DocumentError(line: node.line, reason: "must be a mapping")
        }
        var reader = DraftReader()
        for (key, value) in members {
            guard let section = key.text.flatMap({ DocumentSection(rawValue: $0) }) else {
                let known = DocumentSection.allCases.map(\.rawValue)
                throw DocumentError(line: key.line, reason: DocumentEntry.unknown(key.text, known))
            }
            guard case .list(let nodes) = value.content else {
                throw DocumentError(path: section.rawValue, line: value.line, reason: "must be a list")
            }
            for (index, node) in nodes.enumerated() { try reader.add(node, to: section, at: index) }
        }
        return reader.draft
    }
}
