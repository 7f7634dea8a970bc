import Yams

/// One mapping of a document, with where each of its fields stands.
struct DocumentEntry {
    private let path: String
    private let line: Int?
    private var fields: [String: Node] = [:]

    /// Takes a mapping that has these keys at most.
    init(_ node: Node, at path: String, keys: [String]) throws(DocumentError) {
        self.path = path
        line = node.mark?.line
        guard let mapping = node.mapping else {
            throw DocumentError(path: path, line: line, reason: "must be a mapping")
        }
        for (key, value) in mapping {
            let place = key.mark?.line
            guard let name = key.scalar?.string, keys.contains(name) else {
                let name = key.scalar.map { "'\($0.string.prefix(32))' " } ?? ""
                throw DocumentError(
                    path: path,
                    line: place,
                    reason: "the key \(name)is unknown; known are \(keys.joined(separator: ", "))"
                )
            }
            guard fields.updateValue(value, forKey: name) == nil else {
                throw DocumentError(path: path, line: place, reason: "the key '\(name)' stands twice")
            }
        }
    }

    /// The error for a field, or for the entry itself where `key` is nil.
    func error(_ key: String?, _ reason: String) -> DocumentError {
        DocumentError(path: place(key), line: key.flatMap { fields[$0]?.mark?.line } ?? line, reason: reason)
    }

    /// What was made of the entry, with its place.
    func placed<Value: Sendable>(_ value: Value) -> RegistryDraft.Placed<Value> {
        RegistryDraft.Placed(value: value, path: path, line: line)
    }

    /// Whether the field is there and not null.
    func has(_ key: String) -> Bool {
        guard let node = fields[key] else { return false }
        // Only these two words: `NULL` may be a serial.
        return node.scalar.map { $0.style != .plain || !["null", "~", ""].contains($0.string) } ?? true
    }

    /// A field that `read` makes a value of, or nil where it is absent; `expected` completes "must be …".
    func value<Value>(
        _ key: String,
        _ expected: String,
        _ read: (String) -> Value?
    ) throws(DocumentError) -> Value? {
        guard has(key), let node = fields[key] else { return nil }
        guard let text = node.scalar?.string, let value = read(text) else { throw error(key, "must be \(expected)") }
        return value
    }

    /// As `value(_:_:_:)`, of a field that has to be there.
    func required<Value>(
        _ key: String,
        _ expected: String,
        _ read: (String) -> Value?
    ) throws(DocumentError) -> Value {
        guard let value = try value(key, expected, read) else {
            throw error(nil, "'\(key)' is missing; it must be \(expected)")
        }
        return value
    }

    /// A field that is `true` or `false`; absent means false.
    func flag(_ key: String) throws(DocumentError) -> Bool {
        try value(key, "true or false") { ["true": true, "false": false][$0] } ?? false
    }

    /// A field that is a time.
    func time(_ key: String) throws(DocumentError) -> Int64? {
        try value(key, "a time such as 2027-11-21T08:00:00Z") { RFC3339.seconds($0) }
    }

    /// A field that is a text of so many bytes.
    func text(_ key: String, bytes: ClosedRange<Int>) throws(DocumentError) -> String? {
        try value(key, "a text of \(bytes.lowerBound) to \(bytes.upperBound) bytes") {
            bytes.contains($0.utf8.count) ? $0 : nil
        }
    }

    /// The elements of a field that is a list, each with its path; none where it is absent.
    func list(_ key: String) throws(DocumentError) -> [(node: Node, path: String)] {
        guard has(key), let node = fields[key] else { return [] }
        guard let sequence = node.sequence else { throw error(key, "must be a list") }
        return sequence.enumerated().map { ($0.element, "\(place(key))[\($0.offset)]") }
    }

    /// A field that is a mapping.
    func entry(_ key: String, keys: [String]) throws(DocumentError) -> DocumentEntry? {
        guard has(key), let node = fields[key] else { return nil }
        return try DocumentEntry(node, at: place(key), keys: keys)
    }

    /// Fails where one of the fields is there without `key`.
    func require(_ key: String, for dependents: [String]) throws(DocumentError) {
        guard !has(key) else { return }
        for dependent in dependents where has(dependent) {
            throw error(dependent, "needs '\(key)' beside it")
        }
    }

    private func place(_ key: String?) -> String {
        guard let key else { return path }
        return path.isEmpty ? key : "\(path).\(key)"
    }
}
