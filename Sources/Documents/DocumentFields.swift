import Notation

/// The members of one mapping of a document, each read with an error that names its path and line, and repeats the
/// value.
///
/// What is wrong is noted and not thrown, so that everything that is wrong with a document is told at once.
package struct DocumentFields {
    /// Where the mapping stands, such as `licenses[2].grace`; empty for the document as a whole.
    package let path: String
    /// Its line.
    package let line: Int?
    /// The members whose keys are known, in their order.
    package private(set) var members: [(name: String, node: DocumentNode)] = []
    private let defects: DocumentDefects

    /// Takes a mapping that has these keys at most; any other key is noted.
    ///
    /// Nil where the node is no mapping, which is noted too.
    package init?(_ node: DocumentNode, at path: String, keys: [String], noting defects: DocumentDefects) {
        self.path = path
        self.defects = defects
        line = node.line
        guard case .mapping(let mapping) = node.content else {
            defects.note(DocumentError(path: path, line: node.line, reason: "must be a mapping, not \(node.echo)"))
            return nil
        }
        members.reserveCapacity(mapping.count)
        for (key, value) in mapping {
            if let name = key.text, keys.contains(name) {
                members.append((name, value))
            } else {
                defects.note(DocumentError(path: path, line: key.line, reason: Self.unknown(key.text, keys)))
            }
        }
    }

    /// What is said of a key that nothing is known by.
    package static func unknown(_ key: String?, _ keys: [String]) -> String {
        let name = key.map { "'\(VisibleText.shown($0, upTo: 32))' " } ?? ""
        return "the key \(name)is unknown; known are \(keys.joined(separator: ", "))"
    }

    /// What stands at a key; nil where it is absent or null.
    package func node(_ key: String) -> DocumentNode? { members.first { $0.name == key && !$0.node.isNull }?.node }

    /// Whether the member is there and not null.
    package func has(_ key: String) -> Bool { node(key) != nil }

    /// A member's path.
    package func place(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    /// Notes what is wrong with a member, or with the mapping where `key` is nil.
    package func refuse(_ key: String?, _ reason: String, isContradiction: Bool = false) {
        let line = key.flatMap { node($0)?.line } ?? line
        refuse(at: key.map(place) ?? path, line: line, reason, isContradiction: isContradiction)
    }

    /// Notes what is wrong with something that stands within a member.
    package func refuse(at path: String, line: Int?, _ reason: String, isContradiction: Bool = false) {
        let error = DocumentError(path: path, line: line, reason: reason)
        defects.note(isContradiction ? error.asContradiction : error)
    }

    /// A member that `read` makes a value of, or nil where it is absent; `expected` completes "must be …".
    ///
    /// A secret is not repeated by the error.
    package func value<Value>(
        _ key: String,
        _ expected: @autoclosure () -> String,
        isSecret: Bool = false,
        _ read: (String) -> Value?
    ) -> Value? {
        guard let node = node(key) else { return nil }
        if let text = node.text, let value = read(text) { return value }
        refuse(key, "must be \(expected())" + (isSecret ? "" : ", not \(node.echo)"))
        return nil
    }

    /// As ``value(_:_:isSecret:_:)``, of a member that has to be there; that it is not is noted.
    package func required<Value>(
        _ key: String,
        _ expected: @autoclosure () -> String,
        isSecret: Bool = false,
        _ read: (String) -> Value?
    ) -> Value? {
        if has(key) { return value(key, expected(), isSecret: isSecret, read) }
        refuse(nil, "'\(key)' is missing; it must be \(expected())")
        return nil
    }

    /// A truth value without quotes, by YAML's core schema; absent means false.
    package func flag(_ key: String) -> Bool {
        guard let node = node(key) else { return false }
        if let flag = node.flag { return flag }
        refuse(key, "must be true or false, not \(node.echo)")
        return false
    }

    /// A text of so many characters (Unicode scalars, as JSON Schema counts); nil where it is absent.
    package func text(_ key: String, length: ClosedRange<Int>) -> String? {
        value(key, "a text of \(length.lowerBound) to \(length.upperBound) characters") {
            length.contains($0.unicodeScalars.count) ? $0 : nil
        }
    }

    /// A text that has to be there; empty where it is not, which is noted.
    package func text(_ key: String) -> String {
        required(key, "a text") { $0.isEmpty ? nil : $0 } ?? ""
    }

    /// A whole number within bounds; nil where it is absent.
    package func integer(_ key: String, in range: ClosedRange<Int>) -> Int? {
        value(key, "a whole number from \(range.lowerBound) to \(range.upperBound)") {
            CoreSchema.integer($0).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// One of a few words; nil where it is absent.
    package func choice<Value: RawRepresentable & CaseIterable>(
        _ key: String,
        _ type: Value.Type
    ) -> Value? where Value.RawValue == String {
        value(key, "one of \(Value.allCases.map(\.rawValue).joined(separator: ", "))") { Value(rawValue: $0) }
    }

    /// The elements of a member that is a list, with their paths; none where it is absent.
    package func list(_ key: String) -> [(path: String, node: DocumentNode)] {
        guard let node = node(key) else { return [] }
        guard case .list(let nodes) = node.content else {
            refuse(key, "must be a list, not \(node.echo)")
            return []
        }
        return nodes.enumerated().map { ("\(place(key))[\($0)]", $1) }
    }

    /// A member that is a mapping with these keys at most; nil where it is absent.
    package func fields(_ key: String, keys: [String]) -> DocumentFields? {
        guard let node = node(key) else { return nil }
        return DocumentFields(node, at: place(key), keys: keys, noting: defects)
    }

    /// Notes each of `dependents` that is there without `key`.
    package func require(_ key: String, for dependents: [String]) {
        guard !has(key) else { return }
        for dependent in dependents where has(dependent) { refuse(dependent, "needs '\(key)' beside it") }
    }
}
