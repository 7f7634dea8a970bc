import Foundation
import SoftToken

/// A whole document, built with the pull parser, for comparison with Foundation's reading of the same bytes.
indirect enum JSONTree: Equatable {
    case object([Member])
    case array([JSONTree])
    case string(String)
    /// A number's text, and its value where it is a plain integer that fits.
    case number(String, Int?)
    case bool(Bool)
    case null

    struct Member: Equatable {
        var key: String
        var value: JSONTree
    }

    /// More than any test document has.
    static let limit = 1 << 24

    /// Reads `bytes` as one document.
    init(_ bytes: [UInt8]) throws(JSONError) {
        var reader = try JSONReader(bytes.span, limit: Self.limit)
        self = try Self.read(&reader, bytes)
        try reader.finish(in: bytes.span)
    }

    private static func read(_ reader: inout JSONReader, _ bytes: [UInt8]) throws(JSONError) -> JSONTree {
        switch try reader.peek(in: bytes.span) {
        case .object:
            var members: [Member] = []
            var object = try reader.beginObject(in: bytes.span)
            while let key = try reader.nextKey(of: &object, in: bytes.span) {
                members.append(Member(key: key.text(in: bytes.span), value: try read(&reader, bytes)))
            }
            return .object(members)
        case .array:
            var elements: [JSONTree] = []
            var array = try reader.beginArray(in: bytes.span)
            while try reader.nextElement(of: &array, in: bytes.span) {
                elements.append(try read(&reader, bytes))
            }
            return .array(elements)
        case .string:
            return .string(try reader.readString(in: bytes.span).text(in: bytes.span))
        case .number:
            let number = try reader.readNumber(in: bytes.span)
            return .number(String(decoding: bytes[number.range], as: UTF8.self), number.integer(in: bytes.span))
        case .bool:
            return .bool(try reader.readBool(in: bytes.span))
        case .null:
            try reader.readNull(in: bytes.span)
            return .null
        }
    }

    /// Whether a number in it is too large or too small for a `Double`, which Foundation refuses.
    var holdsNumberBeyondDouble: Bool {
        switch self {
        case .object(let members): members.contains { $0.value.holdsNumberBeyondDouble }
        case .array(let elements): elements.contains { $0.holdsNumberBeyondDouble }
        case .number(let text, nil): Double(text).map { !$0.isNormal } ?? true
        case .number, .string, .bool, .null: false
        }
    }

    /// Whether Foundation read the same.
    func matches(_ other: Any) -> Bool {
        switch self {
        case .object(let members):
            guard let dictionary = other as? [String: Any], dictionary.count == members.count else { return false }
            return members.allSatisfy { member in dictionary[member.key].map { member.value.matches($0) } ?? false }
        case .array(let elements):
            guard let array = other as? [Any], array.count == elements.count else { return false }
            return zip(elements, array).allSatisfy { $0.matches($1) }
        case .string(let text):
            guard let string = other as? String else { return false }
            return Array(text.utf8) == Array(string.utf8)
        case .number(let text, let integer):
            guard let number = other as? NSNumber, let value = Double(text) else { return false }
            if let integer { return number.intValue == integer }
            // Foundation rounds some long fractions by way of a decimal number.
            return abs(number.doubleValue - value) <= abs(value) * 1e-12
        case .bool(let bool):
            return (other as? NSNumber)?.boolValue == bool
        case .null:
            return other is NSNull
        }
    }
}

extension JSONTree {
    /// The same document with the members of every object in another order.
    func shuffled(using random: inout SeededGenerator) -> JSONTree {
        switch self {
        case .object(let members):
            var copies: [Member] = []
            for member in members {
                copies.append(Member(key: member.key, value: member.value.shuffled(using: &random)))
            }
            return .object(copies.shuffled(using: &random))
        case .array(let elements):
            var copies: [JSONTree] = []
            for element in elements {
                copies.append(element.shuffled(using: &random))
            }
            return .array(copies)
        case .string, .number, .bool, .null:
            return self
        }
    }

    /// The document in compact form; numbers must be integers, and keys need no escape.
    var written: [UInt8] {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.finish()
    }

    private func write(to writer: inout JSONWriter) {
        switch self {
        case .object(let members):
            writer.beginObject()
            for member in members {
                writer.key(member.key)
                member.value.write(to: &writer)
            }
            writer.endObject()
        case .array(let elements):
            writer.beginArray()
            for element in elements {
                element.write(to: &writer)
            }
            writer.endArray()
        case .string(let text): writer.string(text)
        case .number(_, let value): writer.integer(value ?? 0)
        case .bool, .null: writer.null()
        }
    }
}

/// Foundation's reading of a document, or nil where it refuses it.
func foundationReading(_ bytes: [UInt8]) -> Any? {
    try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
}
