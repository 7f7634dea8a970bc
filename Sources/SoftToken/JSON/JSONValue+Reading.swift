package import Notation

extension JSONValue {
    /// Reads JSON text (RFC 8259), by the reader that reads the service's messages.
    ///
    /// A member that stands twice in its object is refused: readers differ in which of the two they take, and whoever
    /// sent it meant one. The lists and objects stand at most ``JSONReader/maximumDepth`` deep in one another.
    package static func read(_ bytes: [UInt8]) throws(JSONError) -> JSONValue {
        var reader = try JSONReader(bytes.span, limit: .max)
        let value = try read(&reader, bytes.span)
        try reader.finish(in: bytes.span)
        return value
    }

    private static func read(_ reader: inout JSONReader, _ bytes: Span<UInt8>) throws(JSONError) -> JSONValue {
        switch try reader.peek(in: bytes) {
        case .object:
            var object = try reader.beginObject(in: bytes)
            var members: [Member] = []
            while let key = try reader.nextKey(of: &object, in: bytes) {
                members.append(Member(key.text(in: bytes), try read(&reader, bytes)))
            }
            return .object(members)
        case .array:
            var array = try reader.beginArray(in: bytes)
            var values: [JSONValue] = []
            while try reader.nextElement(of: &array, in: bytes) { values.append(try read(&reader, bytes)) }
            return .array(values)
        case .string: return .string(try reader.readString(in: bytes).text(in: bytes))
        case .number: return number(try reader.readNumber(in: bytes), bytes)
        case .bool: return .flag(try reader.readBool(in: bytes))
        case .null:
            try reader.readNull(in: bytes)
            return .null
        }
    }

    private static func number(_ number: JSONNumber, _ bytes: Span<UInt8>) -> JSONValue {
        if let integer = number.integer(in: bytes) { return .integer(integer) }
        let value = Double(String(decoding: number.range.map { bytes[$0] }, as: UTF8.self)) ?? .infinity
        return !number.isInteger && abs(value) < 0x1p53
            ? Int(exactly: value).map { .integer($0) } ?? .number(value) : .number(value)
    }
}
