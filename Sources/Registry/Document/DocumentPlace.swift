import Documents

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
