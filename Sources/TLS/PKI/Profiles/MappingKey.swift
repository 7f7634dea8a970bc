/// A key of a mapping, whatever it is called.
private struct MappingKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }

    init?(intValue: Int) { nil }
}

extension Decoder {
    /// A mapping in which a key that nobody knows is an error.
    func mapping<Key: CodingKey & CaseIterable>(of: Key.Type) throws -> KeyedDecodingContainer<Key> {
        for key in try container(keyedBy: MappingKey.self).allKeys where Key(stringValue: key.stringValue) == nil {
            let known = Key.allCases.map(\.stringValue).joined(separator: ", ")
            throw DecodingError.dataCorrupted(
                DecodingError.Context(
                    codingPath: codingPath + [key],
                    debugDescription: "no such key: known are \(known)"
                )
            )
        }
        return try container(keyedBy: Key.self)
    }
}

extension KeyedDecodingContainer {
    /// One of a few words, or `standard` where the key is missing.
    func word<Word: RawRepresentable & CaseIterable>(
        _ key: Key,
        else standard: Word
    ) throws -> Word where Word.RawValue == String {
        guard contains(key) else { return standard }
        return try word(key)
    }

    /// One of a few words.
    func word<Word: RawRepresentable & CaseIterable>(_ key: Key) throws -> Word where Word.RawValue == String {
        let text = try decode(String.self, forKey: key)
        guard let word = Word(rawValue: text) else {
            let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw DecodingError.dataCorruptedError(
                forKey: key,
                in: self,
                debugDescription: "\"\(text)\" is none of \(known)"
            )
        }
        return word
    }
}
