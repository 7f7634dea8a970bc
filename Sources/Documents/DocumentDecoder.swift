/// Makes values of types that decode themselves, such as certificate profiles, of a document's node.
package struct DocumentDecoder: Decoder {
    fileprivate let node: DocumentNode
    /// Where the node stands, from the one that decoding began with.
    package let codingPath: [any CodingKey]
    /// Nothing is told to the types.
    package var userInfo: [CodingUserInfoKey: Any] { [:] }

    /// Decodes a node; what is wrong with it is a `DecodingError` whose path leads to the value.
    package static func decode<Value: Decodable>(_ type: Value.Type, from node: DocumentNode) throws -> Value {
        try Value(from: DocumentDecoder(node: node, codingPath: []))
    }

    /// The members of a mapping.
    package func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .mapping(let members) = node.content else { throw mismatch("a mapping") }
        return KeyedDecodingContainer(MappingContainer<Key>(decoder: self, members: members))
    }

    /// The elements of a list.
    package func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard case .list(let nodes) = node.content else { throw mismatch("a list") }
        return ListContainer(decoder: self, nodes: nodes)
    }

    /// The node itself.
    package func singleValueContainer() throws -> any SingleValueDecodingContainer { ScalarContainer(decoder: self) }

    /// What stands at a key or an index below this one; there has to be something.
    fileprivate func below(_ key: any CodingKey, _ node: DocumentNode?) throws -> DocumentDecoder {
        guard let node else {
            throw DecodingError.keyNotFound(key, .init(codingPath: codingPath, debugDescription: "it is missing"))
        }
        return DocumentDecoder(node: node, codingPath: codingPath + [key])
    }

    fileprivate func mismatch(_ expected: String) -> DecodingError {
        .dataCorrupted(.init(codingPath: codingPath, debugDescription: "must be \(expected), not \(node.echo)"))
    }
}

/// A scalar, or whatever decodes itself of any value.
private struct ScalarContainer: SingleValueDecodingContainer {
    let decoder: DocumentDecoder
    var codingPath: [any CodingKey] { decoder.codingPath }

    func decodeNil() -> Bool { decoder.node.isNull }

    /// The standard library's own types can't decode themselves: they ask for themselves here.
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let node = decoder.node
        let (expected, value): (String, Any?) =
            switch type {
            case is String.Type: ("a text", node.isNull ? nil : node.text)
            case is Bool.Type: ("true or false", node.flag)
            case is Double.Type: ("a number", node.text.flatMap { CoreSchema.number($0) })
            case is Float.Type: ("a number", node.text.flatMap { CoreSchema.number($0) }.map { Float($0) })
            case let type as any FixedWidthInteger.Type: ("a whole number", Self.integer(node, type))
            default: ("", try Value(from: decoder))
            }
        guard let value = value as? Value else { throw decoder.mismatch(expected) }
        return value
    }

    private static func integer<Number: FixedWidthInteger>(_ node: DocumentNode, _ type: Number.Type) -> Number? {
        node.text.flatMap { CoreSchema.integer($0) }.flatMap { Number(exactly: $0) }
    }
}

/// A mapping's members.
private struct MappingContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let decoder: DocumentDecoder
    let members: [(key: DocumentNode, value: DocumentNode)]
    var codingPath: [any CodingKey] { decoder.codingPath }

    var allKeys: [Key] { members.compactMap { $0.key.text.flatMap { Key(stringValue: $0) } } }

    func contains(_ key: Key) -> Bool { decoder.node[key.stringValue] != nil }

    func decodeNil(forKey key: Key) throws -> Bool { try decoder(key).node.isNull }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try ScalarContainer(decoder: decoder(key)).decode(type)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type,
        forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try decoder(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try decoder(key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder { decoder }

    func superDecoder(forKey key: Key) throws -> any Decoder { try decoder(key) }

    private func decoder(_ key: Key) throws -> DocumentDecoder { try decoder.below(key, decoder.node[key.stringValue]) }
}

/// A list's elements.
private struct ListContainer: UnkeyedDecodingContainer {
    let decoder: DocumentDecoder
    let nodes: [DocumentNode]
    private(set) var currentIndex = 0
    var codingPath: [any CodingKey] { decoder.codingPath }

    init(decoder: DocumentDecoder, nodes: [DocumentNode]) { (self.decoder, self.nodes) = (decoder, nodes) }

    var count: Int? { nodes.count }
    var isAtEnd: Bool { currentIndex == nodes.count }

    mutating func decodeNil() throws -> Bool {
        guard !isAtEnd, nodes[currentIndex].isNull else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try ScalarContainer(decoder: next()).decode(type)
    }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> {
        try next().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { try next().unkeyedContainer() }

    mutating func superDecoder() throws -> any Decoder { try next() }

    private mutating func next() throws -> DocumentDecoder {
        let next = try decoder.below(ListIndex(intValue: currentIndex), isAtEnd ? nil : nodes[currentIndex])
        currentIndex += 1
        return next
    }
}

/// An element's place in its list.
private struct ListIndex: CodingKey {
    let intValue: Int?
    var stringValue: String { "[\(intValue ?? 0)]" }

    init(intValue: Int) { self.intValue = intValue }

    init?(stringValue: String) { nil }
}
