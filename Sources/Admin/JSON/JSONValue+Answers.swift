import Notation
import Registry

extension JSONValue {
    /// What it is, for a message to whoever sent it.
    var kind: String {
        switch self {
        case .null: "null"
        case .flag: "a truth value"
        case .integer, .number: "a number"
        case .string: "a text"
        case .array: "a list"
        case .object, .written: "an object"
        }
    }

    /// A page of a list.
    static func page(_ items: [JSONValue], next: String?) -> JSONValue {
        ["items": .array(items), "next": next.map { .string($0) } ?? .null]
    }

    /// An object with the fields that a registry document gives a thing.
    static func document(_ fields: [DocumentValue.Field]) -> JSONValue { .written(DocumentValue.map(fields).json) }
}
