/// Makes values of types that decode themselves, such as certificate profiles, of a document's node.
package struct DocumentDecoder: Decoder {
    private let node: DocumentNode
    /// Where the node stands, from the one that decoding began with.
    package let codingPath: [any CodingKey]
    /// Nothing is told to the types.
    package var userInfo: [CodingUserInfoKey: Any] { [:] }

    /// Decodes a node; what is wrong with it is a `DecodingError` whose path leads to the value.
    package static func decode<Value: Decodable>(_ type: Value.Type, from node: DocumentNode) throws -> Value {
        try Value(from: DocumentDecoder(node, at: []))
    }

    fileprivate init(_ node: DocumentNode, at path: [any CodingKey]) {
        self.node = node
        codingPath = path
    }

    /// The members of a mapping.
    package func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .mapping(let members) = node.content else { throw mismatch("a mapping") }
        return KeyedDecodingContainer(MappingContainer<Key>(members: members, codingPath: codingPath))
    }

    /// The elements of a list.
    package func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard case .list(let nodes) = node.content else { throw mismatch("a list") }
        return ListContainer(nodes: nodes, codingPath: codingPath)
    }

    /// The node itself.
    package func singleValueContainer() throws -> any SingleValueDecodingContainer { ScalarContainer(decoder: self) }

    /// What stands there, as what it has to be.
    fileprivate func scalar<Value>(_ expected: String, _ read: (DocumentNode) -> Value?) throws -> Value {
        guard let value = read(node) else { throw mismatch(expected) }
        return value
    }

    fileprivate var isNull: Bool { node.isNull }

    private func mismatch(_ expected: String) -> DecodingError {
        .dataCorrupted(.init(codingPath: codingPath, debugDescription: "must be \(expected), not \(node.echo)"))
    }
}

/// A scalar, or whatever decodes itself of any value.
private struct ScalarContainer: SingleValueDecodingContainer {
    let decoder: DocumentDecoder
    var codingPath: [any CodingKey] { decoder.codingPath }

    func decodeNil() -> Bool { decoder.isNull }

    func decode(_ type: String.Type) throws -> String {
        try decoder.scalar("a text") { $0.isNull ? nil : $0.text }
    }

    func decode(_ type: Bool.Type) throws -> Bool { try decoder.scalar("true or false") { $0.flag } }

    func decode(_ type: Double.Type) throws -> Double {
        try decoder.scalar("a number") { $0.text.flatMap { CoreSchema.number($0) } }
    }

    func decode(_ type: Float.Type) throws -> Float { Float(try decode(Double.self)) }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        if let type = type as? any FixedWidthInteger.Type, let number = try integer(type) as? Value { return number }
        return try Value(from: decoder)
    }

    func decode(_ type: Int.Type) throws -> Int { try integer(type) }
    func decode(_ type: Int8.Type) throws -> Int8 { try integer(type) }
    func decode(_ type: Int16.Type) throws -> Int16 { try integer(type) }
    func decode(_ type: Int32.Type) throws -> Int32 { try integer(type) }
    func decode(_ type: Int64.Type) throws -> Int64 { try integer(type) }
    func decode(_ type: UInt.Type) throws -> UInt { try integer(type) }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try integer(type) }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try integer(type) }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try integer(type) }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try integer(type) }

    private func integer<Number: FixedWidthInteger>(_ type: Number.Type) throws -> Number {
        try decoder.scalar("a whole number") { node in
            node.text.flatMap { CoreSchema.integer($0) }.flatMap { Number(exactly: $0) }
        }
    }
}

/// A mapping's members.
private struct MappingContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let members: [(key: DocumentNode, value: DocumentNode)]
    let codingPath: [any CodingKey]

    var allKeys: [Key] { members.compactMap { $0.key.text.flatMap { Key(stringValue: $0) } } }

    func contains(_ key: Key) -> Bool { node(key) != nil }

    func decodeNil(forKey key: Key) throws -> Bool { try decoder(key).isNull }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try ScalarContainer(decoder: try decoder(key)).decode(type)
    }

    func decode(_ type: String.Type, forKey key: Key) throws -> String {
        try ScalarContainer(decoder: try decoder(key)).decode(type)
    }

    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool {
        try ScalarContainer(decoder: try decoder(key)).decode(type)
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

    func superDecoder() throws -> any Decoder {
        DocumentDecoder(DocumentNode(.mapping(members), line: nil), at: codingPath)
    }

    func superDecoder(forKey key: Key) throws -> any Decoder { try decoder(key) }

    private func node(_ key: Key) -> DocumentNode? { members.first { $0.key.text == key.stringValue }?.value }

    private func decoder(_ key: Key) throws -> DocumentDecoder {
        guard let node = node(key) else {
            throw DecodingError.keyNotFound(key, .init(codingPath: codingPath, debugDescription: "it is missing"))
        }
        return DocumentDecoder(node, at: codingPath + [key])
    }
}

/// A list's elements.
private struct ListContainer: UnkeyedDecodingContainer {
    let nodes: [DocumentNode]
    let codingPath: [any CodingKey]
    private(set) var currentIndex = 0

    init(nodes: [DocumentNode], codingPath: [any CodingKey]) {
        self.nodes = nodes
        self.codingPath = codingPath
    }

    var count: Int? { nodes.count }
    var isAtEnd: Bool { currentIndex == nodes.count }

    mutating func decodeNil() throws -> Bool {
        guard !isAtEnd, nodes[currentIndex].isNull else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try ScalarContainer(decoder: try next()).decode(type)
    }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> {
        try next().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { try next().unkeyedContainer() }

    mutating func superDecoder() throws -> any Decoder { try next() }

    private mutating func next() throws -> DocumentDecoder {
        let key = ListIndex(intValue: currentIndex)
        guard !isAtEnd else {
            throw DecodingError.dataCorrupted(.init(codingPath: codingPath + [key], debugDescription: "it is missing"))
        }
        defer { currentIndex += 1 }
        return DocumentDecoder(nodes[currentIndex], at: codingPath + [key])
    }
}

/// An element's place in its list.
private struct ListIndex: CodingKey {
    let intValue: Int?
    let stringValue: String

    init(intValue: Int) {
        self.intValue = intValue
        stringValue = "[\(intValue)]"
    }

    init?(stringValue: String) { nil }
}
