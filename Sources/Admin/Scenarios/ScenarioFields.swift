import Registry

/// The members of one mapping of a scenario's file, each read with an error that names its path and line.
struct ScenarioFields {
    private let path: String
    private let line: Int?
    private var members: [(name: String, node: DocumentNode)] = []

    /// Takes a mapping that has these keys at most; `path` is empty for the file as a whole.
    init(_ node: DocumentNode, at path: String, keys: [String]) throws(DocumentError) {
        self.path = path
        line = node.line
        guard case .mapping(let mapping) = node.content else {
            throw DocumentError(path: path, line: node.line, reason: "must be a mapping")
        }
        for (key, value) in mapping {
            guard let name = key.text, keys.contains(name) else {
                let name = key.text.map { "'\($0.prefix(32))' " } ?? ""
                throw DocumentError(
                    path: path,
                    line: key.line,
                    reason: "the key \(name)is unknown; known are \(keys.joined(separator: ", "))"
                )
            }
            members.append((name, value))
        }
    }

    /// The error of a member, or of the mapping where `key` is nil.
    func error(_ key: String?, _ reason: String) -> DocumentError {
        DocumentError(path: key.map(place) ?? path, line: key.flatMap { node($0)?.line } ?? line, reason: reason)
    }

    /// A member's path.
    func place(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    /// What stands at a key; nil where it is absent or null.
    func node(_ key: String) -> DocumentNode? { members.first { $0.name == key && !$0.node.isNull }?.node }

    /// Whether the member is there.
    func has(_ key: String) -> Bool { node(key) != nil }

    /// A member that `read` makes a value of, or nil where it is absent; `expected` completes "must be …".
    func value<Value>(_ key: String, _ expected: String, _ read: (String) -> Value?) throws(DocumentError) -> Value? {
        guard let node = node(key) else { return nil }
        guard let text = node.text, let value = read(text) else { throw error(key, "must be \(expected)") }
        return value
    }

    /// As ``value(_:_:_:)``, of a member that has to be there.
    func required<Value>(_ key: String, _ expected: String, _ read: (String) -> Value?) throws(DocumentError) -> Value {
        guard let value = try value(key, expected, read) else {
            throw error(nil, "'\(key)' is missing; it must be \(expected)")
        }
        return value
    }

    /// A text that has to be there.
    func text(_ key: String) throws(DocumentError) -> String {
        try required(key, "a text") { $0.isEmpty ? nil : $0 }
    }

    /// A whole number within bounds; nil where it is absent.
    func integer(_ key: String, in range: ClosedRange<Int>) throws(DocumentError) -> Int? {
        try value(key, "a whole number from \(range.lowerBound) to \(range.upperBound)") {
            Int($0).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// One of a few words; nil where it is absent.
    func choice<Value: RawRepresentable & CaseIterable>(
        _ key: String,
        _ type: Value.Type
    ) throws(DocumentError) -> Value? where Value.RawValue == String {
        let words = Value.allCases.map(\.rawValue)
        return try value(key, "one of \(words.joined(separator: ", "))") { Value(rawValue: $0) }
    }

    /// The elements of a member that is a list; none where it is absent.
    func list(_ key: String) throws(DocumentError) -> [(path: String, node: DocumentNode)] {
        guard let node = node(key) else { return [] }
        guard case .list(let nodes) = node.content else { throw error(key, "must be a list") }
        return nodes.enumerated().map { ("\(place(key))[\($0)]", $1) }
    }

    /// A member that has to be a mapping with these keys at most.
    func fields(_ key: String, keys: [String]) throws(DocumentError) -> ScenarioFields {
        guard let node = node(key) else { throw error(nil, "'\(key)' is missing") }
        return try ScenarioFields(node, at: place(key), keys: keys)
    }
}
