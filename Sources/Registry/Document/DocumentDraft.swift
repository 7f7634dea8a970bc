package import Documents

/// A document whose entries are each in order by themselves; what they say of one another is not checked yet.
///
/// Made up to a whole it is a ``RegistryDocument``; merged, it joins a registry that is there.
package struct DocumentDraft: Sendable {
    /// An entry, and where it stands.
    struct Entry<Value: Sendable>: Sendable {
        var value: Value
        var place: DocumentPlace
    }

    /// The devices that are listed.
    var devices: [Entry<Device>] = []
    /// The licenses that are listed.
    var licenses: [Entry<License>] = []
    /// The tokens that are listed.
    var tokens: [Entry<Token>] = []
}

/// Where an entry of a document stands.
struct DocumentPlace: Sendable {
    /// `devices`, `licenses` or `tokens`.
    let section: DocumentSection
    /// Its place in the list, counted from 0.
    let index: Int
    /// Its line, where that is known.
    let line: Int?
    /// The lines of those fields that stand on another one and may be at fault later, by their path in the entry.
    var fieldLines: [String: Int]?

    /// The same, with the lines of these fields, and of the elements of those that are lists.
    func noting(_ keys: [String], of fields: DocumentFields) -> DocumentPlace {
        var lines: [String: Int] = [:]
        func note(_ node: DocumentNode, _ path: String) {
            if let line = node.line, line != self.line { lines[path] = line }
        }
        for (name, node) in fields.members where keys.contains(name) {
            note(node, name)
            switch node.content {
            case .list(let elements):
                for (index, element) in elements.enumerated() { note(element, "\(name)[\(index)]") }
            case .mapping(let members):
                for member in members { note(member.value, "\(name).\(member.key.text ?? "")") }
            case .scalar: break
            }
        }
        var noted = self
        noted.fieldLines = lines.isEmpty ? nil : lines
        return noted
    }

    /// The error for a field, or for the entry itself where `key` is nil.
    func error(_ key: String?, _ reason: String) -> DocumentError {
        let path = key.map { "\(section.rawValue)[\(index)].\($0)" } ?? "\(section.rawValue)[\(index)]"
        return DocumentError(path: path, line: key.flatMap { fieldLines?[$0] } ?? line, reason: reason)
    }
}

/// The lists of a document.
enum DocumentSection: String, Sendable, CaseIterable {
    case devices
    case licenses
    case tokens
}

extension DocumentDraft {
    /// Reads a document, and checks each entry by itself.
    ///
    /// A byte order mark before it is skipped. Entries are read one by one: what a large document costs is what its
    /// entries hold. Where nobody said how it is written, JSON is read where the text looks like it, and YAML where
    /// that fails. Once `isWanted`, which is asked now and then, says no, the reading ends with
    /// ``DocumentError/Kind/stopped``; other errors tell everything that is wrong, and nothing of such a document is
    /// used.
    package static func read(
        utf8 bytes: [UInt8],
        as format: DocumentFormat? = nil,
        while isWanted: @escaping @Sendable () -> Bool = { true }
    ) throws(DocumentError) -> DocumentDraft {
        guard bytes.count <= RegistryDocument.sizeLimit else {
            let limit = RegistryDocument.sizeLimit >> 20
            throw DocumentError(reason: "the document is larger than \(limit) MiB", kind: .notation)
        }
        let document = try DocumentBytes(bytes)
        if format == .json { return try read(JSONEvents(document, while: isWanted)) }
        if format == nil, JSONEvents.isLikely(document) {
            do throws(DocumentError) {
                return try read(JSONEvents(document, while: isWanted))
            } catch {
                // Much of what is no JSON is YAML, whose parser then has the last word.
                guard error.kind == .notation else { throw error }
            }
        }
        return try read(YAMLEvents(document, while: isWanted))
    }

    /// Reads a registry document that is part of another one, and checks each entry by itself.
    ///
    /// Throws a ``DocumentError`` with everything that is wrong; its path begins at the registry document.
    package static func read(_ node: DocumentNode) throws(DocumentError) -> DocumentDraft {
        guard case .mapping(let members) = node.content else {
            throw DocumentError(line: node.line, reason: "must be a mapping, not \(node.echo)")
        }
        var reader = DraftReader()
        for (key, value) in members {
            guard let section = reader.section(key, among: []) else { continue }
            switch value.content {
            case .list(let nodes): for (index, node) in nodes.enumerated() { reader.add(node, to: section, at: index) }
            case .scalar where value.isNull: break
            default: reader.refuse(value, of: section)
            }
        }
        try reader.defects.check()
        return reader.draft
    }

    private static func read<Events: DocumentEvents>(_ events: Events) throws(DocumentError) -> DocumentDraft {
        var events = DocumentReader(events)
        var reader = DraftReader()
        do throws(DocumentError) {
            try reader.read(&events)
        } catch {
            // What can't be read on comes first: all else may follow from it.
            guard error.kind == .matter else {
                var first = error
                if error.kind == .notation, let noted = reader.defects.error {
                    (first.others, first.untold) = (Array(noted.all.prefix(DocumentError.limit - 1)), noted.untold)
                }
                throw first
            }
            reader.defects.note(error)
        }
        try reader.defects.check()
        return reader.draft
    }
}

extension DraftReader {
    /// Takes a whole document, entry by entry.
    fileprivate mutating func read<Events: DocumentEvents>(
        _ events: inout DocumentReader<Events>
    ) throws(DocumentError) {
        let top = try events.next()
        guard case .mappingStart = top.kind else {
            let node = try events.node(top)
            throw DocumentError(line: node.line, reason: "must be a mapping, not \(node.echo)")
        }
        var seen: Set<DocumentSection> = []
        while let key = try events.key() {
            let section = section(key, among: seen)
            let value = try events.next()
            guard let section, case .listStart = value.kind else {
                let node = try events.node(value)
                if let section, !node.isNull { refuse(node, of: section) }
                continue
            }
            seen.insert(section)
            try readList(of: section, &events)
        }
        try events.finish()
    }

    private mutating func readList<Events: DocumentEvents>(
        of section: DocumentSection,
        _ events: inout DocumentReader<Events>
    ) throws(DocumentError) {
        var count = 0
        while true {
            let node: DocumentNode
            do throws(DocumentError) {
                guard let element = try events.element() else { return }
                node = element
            } catch {
                throw error.within("\(section.rawValue)[\(count)]")
            }
            guard count < Self.entryLimit else {
                throw DocumentError(
                    path: section.rawValue,
                    line: node.line,
                    reason: "has more than the \(Self.entryLimit) entries that a list may have"
                )
            }
            add(node, to: section, at: count)
            count += 1
        }
    }

    /// The list that a key names; an unknown one, or one that stood there before, is noted.
    fileprivate func section(_ key: DocumentNode, among seen: Set<DocumentSection>) -> DocumentSection? {
        guard let section = key.text.flatMap({ DocumentSection(rawValue: $0) }) else {
            let known = DocumentSection.allCases.map(\.rawValue)
            defects.note(DocumentError(line: key.line, reason: DocumentFields.unknown(key.text, known)))
            return nil
        }
        guard !seen.contains(section) else {
            defects.note(DocumentError(line: key.line, reason: "the key '\(section.rawValue)' stands twice"))
            return nil
        }
        return section
    }

    /// Notes a list that is none.
    fileprivate func refuse(_ node: DocumentNode, of section: DocumentSection) {
        defects.note(
            DocumentError(path: section.rawValue, line: node.line, reason: "must be a list, not \(node.echo)")
        )
    }
}
