import Notation

/// One parameter of an effect, as the catalogue lists it and as rules are checked against.
package struct Parameter: Sendable {
    /// What a value may be.
    package enum Kind: Sendable {
        /// A duration with its unit, such as `250ms`.
        case duration(ClosedRange<Duration>)
        /// A whole number of `unit`.
        case integer(ClosedRange<Int>, unit: String)
        /// A number that need not be whole.
        case number(ClosedRange<Double>)
        /// Text of so many characters at most (Unicode scalars, as JSON Schema counts).
        case text(atMost: Int)
        /// One of these words.
        case choice([String])
        /// A list of names, not empty.
        case names
        /// Named texts.
        case texts
    }

    /// Its name.
    package let name: String
    /// What its value may be.
    package let kind: Kind
    /// What it is where a rule does not say, in words or as a value would be written; nil where a rule must say.
    package let standard: String?
    /// What it does.
    package let summary: String

    /// A parameter that a rule may leave out where there is a `standard`.
    init(_ name: String, _ kind: Kind, default standard: String? = nil, _ summary: String) {
        (self.name, self.kind, self.standard, self.summary) = (name, kind, standard, summary)
    }

    /// Any time that somebody may want to wait for something.
    static let anyDuration = Kind.duration(.zero ... .seconds(86_400))

    /// How long a client is held that nothing is said to.
    static let hold = Parameter("hold", anyDuration, default: "until the client goes", "how long, before it is closed")
}

/// How long something waits, as a rule says it.
struct Latency: Sendable {
    /// The parameters that say it.
    static let parameters = [
        Parameter("latency", Parameter.anyDuration, "how long"),
        Parameter("jitter", Parameter.anyDuration, default: "0ms", "how far a wait may differ from it, either way"),
    ]

    /// How long a wait is but for its jitter.
    let usual: Duration
    /// How far a wait may differ from it.
    let jitter: Duration

    /// Reads the parameters.
    init(_ arguments: Arguments) {
        usual = arguments.duration("latency") ?? .zero
        jitter = arguments.duration("jitter") ?? .zero
    }

    /// The defect of a wait for nothing.
    var contradiction: RuleDefect? {
        guard usual == .zero, jitter == .zero else { return nil }
        return RuleDefect("with.latency", "without a latency and a jitter nothing waits")
    }
}

/// What the catalogue says of a kind.
extension Parameter.Kind {
    /// The type: `duration`, `integer`, `number`, `string`, `choice`, `list`, `map`.
    package var typeName: String {
        switch self {
        case .duration: "duration"
        case .integer: "integer"
        case .number: "number"
        case .text: "string"
        case .choice: "choice"
        case .names: "list"
        case .texts: "map"
        }
    }

    /// Whether it is a text, or made of texts.
    var isText: Bool {
        switch self {
        case .text, .choice, .names, .texts: true
        case .duration, .integer, .number: false
        }
    }

    /// What is counted; nil where a value says so itself or counts nothing.
    package var unit: String? { if case .integer(_, let unit) = self { unit } else { nil } }

    /// The bounds, or the words to choose from.
    package var range: String? {
        switch self {
        case .duration(let range):
            "\(DurationText.format(range.lowerBound)) to \(DurationText.format(range.upperBound))"
        case .integer(let range, _): "\(range.lowerBound) to \(range.upperBound)"
        case .number(let range): "\(range.lowerBound) to \(range.upperBound)"
        case .text(let count): "at most \(count) characters"
        case .choice(let words): words.joined(separator: ", ")
        case .names, .texts: nil
        }
    }

    /// The value as this kind has it: a number may be written as a text, as the catalogue prints what is usual.
    func read(_ value: JSONValue) -> JSONValue {
        switch (self, value) {
        case (.integer, .string(let text)), (.number, .string(let text)):
            Self.number(text).map { JSONValue($0) } ?? value
        default: value
        }
    }

    /// A decimal number; Swift would read hexadecimal ones, `nan` and `inf` too.
    private static func number(_ text: String) -> Double? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) || "+-.".utf8.contains($0) }) else { return nil }
        return Double(text)
    }

    /// Checks a value; the reason is what is wrong with it.
    func reason(against value: JSONValue) -> String? {
        switch (self, value) {
        case (.duration(let range), .string(let text)):
            guard let duration = DurationText.parse(text) else { return DurationText.refusal(of: text) }
            return range.contains(duration) ? nil : "\(text) is out of range: \(self.range ?? "")"
        case (.duration, let value): return "a duration carries its unit: \(DurationText.form), not \(value.echo)"
        case (.integer(let range, _), .integer), (.integer(let range, _), .number):
            guard let whole = value.double.flatMap({ Int(exactly: $0) }) else {
                return "\(value.echo) is no\(wanted.dropFirst())"
            }
            return range.contains(whole) ? nil : "\(whole) is out of range: \(self.range ?? "")"
        case (.number(let range), .integer), (.number(let range), .number):
            let number = value.double ?? .nan
            return range.contains(number) ? nil : "\(number) is out of range: \(self.range ?? "")"
        case (.text(let count), .string(let text)):
            return text.unicodeScalars.count <= count ? nil : "it is longer than \(count) characters"
        case (.choice(let words), .string(let text)):
            return words.contains(text)
                ? nil : "\(VisibleText.quoted(text)) is none of \(words.joined(separator: ", "))"
        case (.names, .array(let values)):
            let areNames = values.allSatisfy { $0.string?.isEmpty == false }
            return values.isEmpty || !areNames ? "it is a list of names, not empty" : nil
        case (.texts, .object(let members)):
            let areTexts = members.allSatisfy { $0.value.string != nil }
            guard areTexts else { return "each of its values is a string" }
            let twice = members.enumerated()
                .first { index, member in members[..<index].contains { $0.name == member.name } }
            return twice.map { "\(VisibleText.quoted($0.element.name)) is given twice" }
        default: return "it is \(value.kindName), not \(wanted)\(value.short.map { ": \($0)" } ?? "")"
        }
    }

    private var wanted: String {
        switch self {
        // A unit in brackets says what the number is, and counts nothing.
        case .integer(let range, let unit):
            "a whole number\(unit.hasPrefix("(") ? "" : " of \(unit)") from \(range.lowerBound) to \(range.upperBound)"
        case .number(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
        case .names: "a list of names"
        case .texts: "an object of strings"
        case .duration: "a duration"
        case .text, .choice: "a string"
        }
    }
}
