import Notation

/// A filter that cannot be used.
package struct JournalFilterError: Error, Hashable, CustomStringConvertible {
    /// The name that was given.
    package let key: String
    /// The value that was given; empty where it is no text, or is not what is wrong.
    package let value: String
    /// What is wrong with it or its value.
    package let reason: String
    /// The values that there are, where they can be listed.
    package let choices: [String]
    /// Whether each value is well formed by itself, and only no record can ever have it.
    package let isContradiction: Bool

    init(key: String, value: String = "", reason: String, choices: [String] = [], isContradiction: Bool = false) {
        self.key = key
        self.value = value
        self.reason = reason
        self.choices = choices
        self.isContradiction = isContradiction
    }

    /// A name that nothing has, among the names that there are.
    package init(unknown value: String, of key: JournalFilter.Key, reason: String, choices: [String]) {
        self.init(key: key.rawValue, value: value, reason: reason, choices: choices, isContradiction: true)
    }

    /// What is wrong, with the value.
    package var explanation: String { value.isEmpty ? reason : "\(VisibleText.quoted(value)) \(reason)" }

    /// All of it, for an operator.
    package var description: String { "filter \(VisibleText.quoted(key)): \(explanation)" }
}
