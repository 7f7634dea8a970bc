package import Notation

/// A strict pull parser of one JSON document (RFC 8259) that lies in memory.
///
/// The caller asks for what it expects, in order, and hands in the same bytes at each call: a type of ours that held
/// the span would need a language feature that is still experimental. A throw ends the reading; nothing after it is
/// defined.
///
/// Stricter than the standard where it leaves room: a key may stand once in an object, nesting and size are bounded,
/// and a lone surrogate is refused.
package struct JSONReader: Sendable {
    /// What a value is, told by its first byte.
    package enum Kind: Hashable, Sendable {
        /// `{`.
        case object
        /// `[`.
        case array
        /// A quote.
        case string
        /// A digit or a minus sign.
        case number
        /// `true` or `false`.
        case bool
        /// `null`.
        case null
    }

    /// How deep objects and arrays may stand in one another: four levels are the service's, and the rest is room for
    /// what it skips.
    package static let maximumDepth = 64

    /// The next byte to be read.
    package internal(set) var position = 0
    private var depth = 0

    /// Stands before a document's first byte.
    ///
    /// `limit` is how many bytes the caller is willing to read; it is held below 2 GiB.
    package init(_ bytes: Span<UInt8>, limit: Int) throws(JSONError) {
        guard bytes.count <= min(limit, Int(Int32.max)) else { throw JSONError(.tooLarge, at: limit) }
        // RFC 8259 section 8.1: a reader may ignore a byte order mark rather than refuse it.
        if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { position = 3 }
    }

    /// What the next value is, without reading it.
    package mutating func peek(in bytes: Span<UInt8>) throws(JSONError) -> Kind {
        switch try nextByte(in: bytes) {
        case 0x7B: return .object
        case 0x5B: return .array
        case 0x22: return .string
        case 0x2D, 0x30...0x39: return .number
        case 0x74, 0x66: return .bool
        case 0x6E: return .null
        default: throw JSONError(.unexpectedByte, at: position)
        }
    }

    /// Enters an object.
    @inline(__always)
    package mutating func beginObject(in bytes: Span<UInt8>) throws(JSONError) -> JSONObject {
        try enter(0x7B, in: bytes)
        return JSONObject()
    }

    /// Reads the next key and its colon, or leaves the object and returns nil.
    package mutating func nextKey(of object: inout JSONObject, in bytes: Span<UInt8>) throws(JSONError) -> JSONString? {
        guard try hasNext(isFresh: object.isFresh, end: 0x7D, in: bytes) else { return nil }
        let key = try readString(in: bytes)
        guard object.insert(key, in: bytes) else { throw JSONError(.duplicateKey, at: key.range.lowerBound - 1) }
        try expect(0x3A, in: bytes)
        return key
    }

    /// Enters an array.
    package mutating func beginArray(in bytes: Span<UInt8>) throws(JSONError) -> JSONArray {
        try enter(0x5B, in: bytes)
        return JSONArray()
    }

    /// Stands before the next element and returns true, or leaves the array and returns false.
    package mutating func nextElement(of array: inout JSONArray, in bytes: Span<UInt8>) throws(JSONError) -> Bool {
        guard try hasNext(isFresh: array.isFresh, end: 0x5D, in: bytes) else { return false }
        array.isFresh = false
        return true
    }

    /// Reads a string and checks all of it.
    package mutating func readString(in bytes: Span<UInt8>) throws(JSONError) -> JSONString {
        try expect(0x22, in: bytes)
        return try scanString(in: bytes)
    }

    /// Reads a number.
    package mutating func readNumber(in bytes: Span<UInt8>) throws(JSONError) -> JSONNumber {
        _ = try nextByte(in: bytes)
        return try scanNumber(in: bytes)
    }

    /// Reads `true` or `false`.
    package mutating func readBool(in bytes: Span<UInt8>) throws(JSONError) -> Bool {
        let isTrue = try nextByte(in: bytes) == 0x74
        try scanWord(isTrue ? "true" : "false", in: bytes)
        return isTrue
    }

    /// Reads `null`.
    package mutating func readNull(in bytes: Span<UInt8>) throws(JSONError) {
        _ = try nextByte(in: bytes)
        try scanWord("null", in: bytes)
    }

    /// Reads any value, checks it as fully as one that is wanted, and keeps nothing of it.
    package mutating func skipValue(in bytes: Span<UInt8>) throws(JSONError) {
        switch try peek(in: bytes) {
        case .object:
            var object = try beginObject(in: bytes)
            while try nextKey(of: &object, in: bytes) != nil {
                try skipValue(in: bytes)
            }
        case .array:
            var array = try beginArray(in: bytes)
            while try nextElement(of: &array, in: bytes) {
                try skipValue(in: bytes)
            }
        case .string: _ = try readString(in: bytes)
        case .number: _ = try readNumber(in: bytes)
        case .bool: _ = try readBool(in: bytes)
        case .null: try readNull(in: bytes)
        }
    }

    /// Checks that nothing but white space is left.
    package mutating func finish(in bytes: Span<UInt8>) throws(JSONError) {
        skipWhitespace(in: bytes)
        guard position == bytes.count else { throw JSONError(.trailingBytes, at: position) }
    }

    @inline(__always)
    private mutating func enter(_ bracket: UInt8, in bytes: Span<UInt8>) throws(JSONError) {
        try expect(bracket, in: bytes)
        guard depth < Self.maximumDepth else { throw JSONError(.tooDeep, at: position - 1) }
        depth += 1
    }

    @inline(__always)
    private mutating func hasNext(isFresh: Bool, end: UInt8, in bytes: Span<UInt8>) throws(JSONError) -> Bool {
        let byte = try nextByte(in: bytes)
        if byte == end {
            position += 1
            depth -= 1
            return false
        }
        if !isFresh {
            guard byte == 0x2C else { throw JSONError(.unexpectedByte, at: position) }
            position += 1
        }
        return true
    }

    @inline(__always)
    private mutating func expect(_ byte: UInt8, in bytes: Span<UInt8>) throws(JSONError) {
        guard try nextByte(in: bytes) == byte else { throw JSONError(.unexpectedByte, at: position) }
        position += 1
    }

    /// The next byte that is no white space, without reading it.
    @inline(__always)
    mutating func nextByte(in bytes: Span<UInt8>) throws(JSONError) -> UInt8 {
        // Whatever a grammar rule begins or ends with is above white space, so that one comparison settles most bytes.
        if position < bytes.count, bytes[position] > 0x20 {
            return bytes[position]
        }
        skipWhitespace(in: bytes)
        guard position < bytes.count else { throw JSONError(.truncated, at: position) }
        return bytes[position]
    }

    private mutating func skipWhitespace(in bytes: Span<UInt8>) {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }
}

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
        let value = Double(number.text(in: bytes)) ?? .infinity
        return !number.isInteger && abs(value) < 0x1p53
            ? Int(exactly: value).map { .integer($0) } ?? .number(value) : .number(value)
    }
}
