import Notation

/// A value of a rule as JSON and YAML both have it, before anybody knows what it should be.
package enum FaultValue: Sendable, Equatable {
    /// Nothing.
    case null
    /// `true` or `false`.
    case flag(Bool)
    /// A number.
    case number(Double)
    /// A string.
    case text(String)
    /// A list.
    case list([FaultValue])
    /// Named values in the order of the document.
    case map([Member])

    /// One named value.
    package struct Member: Sendable, Equatable {
        /// The name.
        package let name: String
        /// The value.
        package let value: FaultValue

        /// Joins both.
        package init(_ name: String, _ value: FaultValue) {
            self.name = name
            self.value = value
        }
    }

    /// A whole number.
    package static func integer(_ number: Int) -> FaultValue { .number(Double(number)) }

    /// The value as a message echoes it: what is short itself, the rest by its kind.
    package var shown: String {
        switch self {
        case .text(let text): VisibleText.quoted(text, upTo: 64)
        case .number(let number): Int(exactly: number).map { "\($0)" } ?? "\(number)"
        case .flag(let flag): "\(flag)"
        case .null, .list, .map: kindName
        }
    }

    /// Whether a message can echo it.
    var isShort: Bool {
        switch self {
        case .text, .number, .flag: true
        case .null, .list, .map: false
        }
    }

    /// What a message calls it.
    var kindName: String {
        switch self {
        case .null: "null"
        case .flag: "a boolean"
        case .number: "a number"
        case .text: "a string"
        case .list: "a list"
        case .map: "an object"
        }
    }
}
