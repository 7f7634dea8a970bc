import Notation

/// What a rule gives an effect, checked against the effect's parameters: each name is one of theirs, each value of its
/// kind and within its range.
package struct Arguments: Sendable {
    private let values: [String: JSONValue]

    /// Checks what `with` holds.
    ///
    /// Throws a ``RuleDefect`` whose path begins at `with`.
    init(_ members: [JSONValue.Member], for effect: Effect) throws(RuleDefect) {
        var values: [String: JSONValue] = [:]
        for member in members where member.value != .null {
            guard let parameter = effect.parameters.first(where: { $0.name == member.name }) else {
                let known = effect.parameters.map(\.name)
                throw RuleDefect(
                    "with.\(member.name)",
                    known.isEmpty
                        ? "\(effect.name) takes no parameter"
                        : "\(effect.name) has no such parameter: it takes \(known.joined(separator: ", "))"
                )
            }
            let value = parameter.kind.read(member.value)
            if let reason = parameter.kind.reason(against: value) {
                throw RuleDefect("with.\(member.name)", reason)
            }
            guard values.updateValue(value, forKey: member.name) == nil else {
                throw RuleDefect("with.\(member.name)", "it is given twice")
            }
        }
        for parameter in effect.parameters where parameter.standard == nil && values[parameter.name] == nil {
            throw RuleDefect("with.\(parameter.name)", "\(effect.name) needs it: \(parameter.summary)")
        }
        self.values = values
    }

    /// Whether the rule gives it.
    func has(_ name: String) -> Bool { values[name] != nil }

    /// A duration.
    func duration(_ name: String) -> Duration? { text(name).flatMap { DurationText.parse($0) } }

    /// A whole number.
    func integer(_ name: String) -> Int? { number(name).map { Int($0) } }

    /// A number.
    func number(_ name: String) -> Double? { values[name]?.double }

    /// What the word of a choice means; where the rule says none, what the effect says is usual.
    ///
    /// Throws a ``RuleDefect`` where the effect's own words are more than those with a meaning: no order is taken for
    /// another.
    func choice<Value>(
        _ name: String,
        default usual: Value? = nil,
        _ meaning: (String) -> Value?
    ) throws(RuleDefect) -> Value {
        let word = text(name)
        guard let value = word.map(meaning) ?? usual else {
            throw RuleDefect(
                "with.\(name)",
                word.map { "\(VisibleText.quoted($0)) means nothing here" } ?? "it is needed"
            )
        }
        return value
    }

    /// The stage that a choice names; where the rule names none, all those that the effect may be asked at.
    func stages(_ name: String, default usual: [Stage]) throws(RuleDefect) -> [Stage] {
        try choice(name, default: usual) { word in Stage(rawValue: word).map { [$0] } }
    }

    /// A text or a choice.
    func text(_ name: String) -> String? { values[name]?.string }

    /// A list of names.
    func names(_ name: String) -> [String] { values[name]?.items.compactMap(\.string) ?? [] }

    /// Named texts, in their order.
    func texts(_ name: String) -> [(String, String)] {
        guard case .object(let members)? = values[name] else { return [] }
        return members.compactMap { member in member.value.string.map { (member.name, $0) } }
    }
}

/// What a message about a rule says of its values.
extension JSONValue {
    /// The value as a message echoes it: what is short itself, the rest by its kind.
    var echo: String { short ?? kindName }

    /// The value itself, where it is short.
    var short: String? {
        switch self {
        case .string(let text): VisibleText.quoted(text, upTo: 64)
        case .integer(let number): "\(number)"
        case .number(let number): "\(number)"
        case .flag(let flag): "\(flag)"
        case .null, .array, .object, .written: nil
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
