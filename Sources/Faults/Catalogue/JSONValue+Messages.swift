import Notation

/// What a message about a rule says of its values.
extension JSONValue {
    /// The value as a message echoes it: what is short itself, the rest by its kind.
    var echo: String {
        switch self {
        case .string(let text): VisibleText.quoted(text, upTo: 64)
        case .integer(let number): "\(number)"
        case .number(let number): "\(number)"
        case .flag(let flag): "\(flag)"
        case .null, .array, .object, .written: kindName
        }
    }

    /// Whether a message can echo it.
    var isShort: Bool {
        switch self {
        case .string, .integer, .number, .flag: true
        case .null, .array, .object, .written: false
        }
    }

    /// What a message calls it.
    var kindName: String {
        switch self {
        case .null: "null"
        case .flag: "a boolean"
        case .integer, .number: "a number"
        case .string: "a string"
        case .array: "a list"
        case .object, .written: "an object"
        }
    }
}
