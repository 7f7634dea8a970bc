/// One mapping of a document, with where each of its fields stands.
struct DocumentEntry {
    private let place: DocumentPlace
    /// What stands before a field's name in its path, where this mapping is itself a field.
    private let prefix: String
    private var fields: [(name: String, node: DocumentNode)] = []

    /// Takes a mapping that has these keys at most.
    init(_ node: DocumentNode, at place: DocumentPlace, prefix: String = "", keys: [String]) throws(DocumentError) {
        self.place = place
        self.prefix = prefix
        let own = prefix.isEmpty ? nil : prefix
        func error(_ line: Int?, _ reason: String) -> DocumentError {
            var error = place.error(own, reason)
            error.line = line
            return error
        }
        guard case .mapping(let mapping) = node.content else { throw error(node.line, "must be a mapping") }
        fields.reserveCapacity(mapping.count)
        for (key, value) in mapping {
            guard let name = key.text, keys.contains(name) else {
                throw error(key.line, Self.unknown(key.text, keys))
            }
            guard !fields.contains(where: { $0.name == name }) else {
                throw error(key.line, "the key '\(name)' stands twice")
            }
            fields.append((name, value))
        }
    }

    /// What is said of a key that nothing is known by.
    static func unknown(_ key: String?, _ keys: [String]) -> String {
        let name = key.map { "'\($0.prefix(32))' " } ?? ""
        return "the key \(name)is unknown; known are \(keys.joined(separator: ", "))"
    }

    private func node(_ key: String) -> DocumentNode? {
        fields.first { $0.name == key }?.node
    }

    private func path(_ key: String?) -> String? {
        guard let key else { return prefix.isEmpty ? nil : prefix }
        return prefix.isEmpty ? key : "\(prefix).\(key)"
    }

    /// The error for a field, or for the entry itself where `key` is nil.
    func error(_ key: String?, _ reason: String) -> DocumentError {
        error(path(key), line: key.flatMap { node($0)?.line }, reason)
    }

    private func error(_ path: String?, line: Int?, _ reason: String) -> DocumentError {
        var error = place.error(path, reason)
        if let line { error.line = line }
        return error
    }

    /// The entry's place, with the lines of these fields, and of the elements of those that are lists.
    func place(noting keys: [String]) -> DocumentPlace {
        var noted = place
        var lines: [String: Int] = [:]
        for (name, node) in fields where keys.contains(name) {
            func note(_ node: DocumentNode, _ path: String) {
                if let line = node.line, line != place.line { lines[path] = line }
            }
            note(node, name)
            switch node.content {
            case .list(let elements):
                for (index, element) in elements.enumerated() { note(element, "\(name)[\(index)]") }
            case .mapping(let members):
                for member in members { note(member.value, "\(name).\(member.key.text ?? "")") }
            case .scalar: break
            }
        }
        noted.fieldLines = lines.isEmpty ? nil : lines
        return noted
    }

    /// Whether the field is there and not null.
    func has(_ key: String) -> Bool {
        node(key).map { !$0.isNull } ?? false
    }

    /// A field that `read` makes a value of, or nil where it is absent; `expected` completes "must be …".
    func value<Value>(
        _ key: String,
        _ expected: @autoclosure () -> String,
        _ read: (String) -> Value?
    ) throws(DocumentError) -> Value? {
        guard let node = node(key), !node.isNull else { return nil }
        guard let text = node.text, let value = read(text) else { throw error(key, "must be \(expected())") }
        return value
    }

    /// As `value(_:_:_:)`, of a field that has to be there.
    func required<Value>(
        _ key: String,
        _ expected: @autoclosure () -> String,
        _ read: (String) -> Value?
    ) throws(DocumentError) -> Value {
        guard let value = try value(key, expected(), read) else {
            throw error(nil, "'\(key)' is missing; it must be \(expected())")
        }
        return value
    }

    /// A field that is `true` or `false`; absent means false.
    func flag(_ key: String) throws(DocumentError) -> Bool {
        try value(key, "true or false") { $0 == "true" ? true : $0 == "false" ? false : nil } ?? false
    }

    /// A field that is a time.
    func time(_ key: String) throws(DocumentError) -> Int64? {
        try value(key, "a time such as 2027-11-21T08:00:00Z") { RFC3339.seconds($0) }
    }

    /// A field that is a text of so many characters (Unicode scalars, as JSON Schema counts).
    func text(_ key: String, length: ClosedRange<Int>) throws(DocumentError) -> String? {
        try value(key, "a text of \(length.lowerBound) to \(length.upperBound) characters") {
            length.contains($0.unicodeScalars.count) ? $0 : nil
        }
    }

    /// The elements of a field that is a list, each made a value of by `read` or refused by its reason.
    func list<Value>(
        _ key: String,
        _ read: (DocumentNode, [Value]) -> Result<Value, OperationRefusal>
    ) throws(DocumentError) -> [Value] {
        guard let node = node(key), !node.isNull else { return [] }
        guard case .list(let elements) = node.content else { throw error(key, "must be a list") }
        var values: [Value] = []
        for (index, element) in elements.enumerated() {
            switch read(element, values) {
            case .success(let value): values.append(value)
            case .failure(let reason):
                var error = error(path("\(key)[\(index)]"), line: element.line, reason.description)
                if case .conflict = reason { error.isContradiction = true }
                throw error
            }
        }
        return values
    }

    /// A field that is a mapping.
    func entry(_ key: String, keys: [String]) throws(DocumentError) -> DocumentEntry? {
        guard let node = node(key), !node.isNull else { return nil }
        return try DocumentEntry(node, at: place, prefix: path(key) ?? key, keys: keys)
    }

    /// Fails where one of the fields is there without `key`.
    func require(_ key: String, for dependents: [String]) throws(DocumentError) {
        guard !has(key) else { return }
        for dependent in dependents where has(dependent) {
            throw error(dependent, "needs '\(key)' beside it")
        }
    }
}
