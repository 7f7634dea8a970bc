import Notation
import SoftToken

extension Effect {
    static let serviceDropField = Effect(
        "service.dropField",
        at: [.answer],
        "A field is left out of the answer.",
        parameters: [FieldPath.parameter],
        observed: [.curl("\"result\":1}}"), .openssl("\"result\":1}}"), .python("KeyError: 'error'")],
        expected: "refuses the answer, or does without, and does not crash"
    ) { arguments throws(RuleDefect) in try FieldPath(arguments).putting(nil) }

    static let serviceNullField = Effect(
        "service.nullField",
        at: [.answer],
        "A field of the answer is null.",
        parameters: [FieldPath.parameter],
        observed: [.curl("\"license\":null"), .openssl("\"license\":null"), .python("'license': None")],
        expected: "refuses the answer, or does without, and does not crash"
    ) { arguments throws(RuleDefect) in try FieldPath(arguments).putting(Array("null".utf8)) }

    static let serviceWrongSerial = Effect(
        "service.wrongSerial",
        at: [.answer],
        "The answer carries another unit's serial.",
        parameters: [Parameter("serial", .text(atMost: 16), default: "FGVM00TEST000000", "the other unit's")],
        observed: [
            .curl("\"serial_number\":\"FGVM00TEST000000\""),
            .openssl("\"serial_number\":\"FGVM00TEST000000\""),
            .python("'serial_number': 'FGVM00TEST000000'"),
        ],
        expected: "refuses the answer"
    ) { arguments throws(RuleDefect) in
        let text = arguments.text("serial") ?? "FGVM00TEST000000"
        guard Serial(text) != nil else { throw RuleDefect("with.serial", "\(VisibleText.quoted(text)) is no serial") }
        let serial = JSONValue.string(text).bytes(escaping: .wire)
        return .edit(of: .unit) { draft in
            draft.put(serial, at: "d.serial_number") > 0 ? nil : "the answer has no serial_number"
        }
    }

    static let serviceStale = Effect(
        "service.stale",
        at: [.answer],
        "The request is carried out, and answered with what this unit was answered the last time it asked for this kind of thing; the first time since the rule came there is nothing to repeat.",
        observed: .success,
        expected: "notices"
    ) { _ in
        .edit(of: .unit, needsPreviousAnswer: true) { draft in
            guard let previous = draft.previous else { return "nothing was answered to this unit before" }
            draft.body = previous
            return nil
        }
    }
}

/// Which field of an answer an effect means.
struct FieldPath: Sendable {
    /// What the catalogue says of it.
    static let parameter = Parameter(
        "field",
        .text(atMost: 256),
        "the field's path below d, such as error, tokens[0].license or tokens[*].token_activation_code"
    )

    private let text: String
    private let path: JSONPath

    /// Reads the parameter `field`.
    init(_ arguments: Arguments) throws(RuleDefect) {
        text = arguments.text("field") ?? ""
        let whole = text.hasPrefix("d.") ? text : "d." + text
        guard let path = JSONPath(whole) else {
            throw RuleDefect("with.field", "\(VisibleText.quoted(text)) is no path")
        }
        self.path = path
    }

    /// Puts a text of JSON there, or nothing for nil, not even the name.
    func putting(_ value: [UInt8]?) -> Effect.Action {
        .edit(contradiction: contradiction) { draft in
            guard let edited = JSONEditor.edit(draft.body, at: path, { _ in value }) else {
                return "the answer is no JSON"
            }
            guard edited.count > 0 else { return "the answer has no \(text)" }
            draft.body = edited.bytes
            return nil
        }
    }

    /// Why no answer to what the rule matches has the field.
    @Sendable private func contradiction(with match: RuleMatch) -> RuleDefect? {
        let messages = match.messages
        guard !messages.isEmpty, !messages.contains(where: { $0.answerFields.contains(form) }) else { return nil }
        return RuleDefect("with.field", "no answer to \(match.messagesNamed) has a \(VisibleText.shown(text))")
    }

    /// The path below `d`, with every element of an array written alike.
    private var form: String {
        path.steps.dropFirst()
            .reduce(into: "") { form, step in
                switch step {
                case .key(let name): form += form.isEmpty ? name : ".\(name)"
                case .index, .all: form += "[]"
                }
            }
    }
}

/// Texts of JSON in an answer.
extension AnswerDraft {
    /// How many values a path leads to.
    func count(of path: String) -> Int {
        JSONPath(path).flatMap { JSONEditor.edit(body, at: $0) { $0 } }?.count ?? 0
    }

    /// Puts `value` where `path` leads, at those of its places that are in `places`, in one pass however many they are.
    ///
    /// - Returns: To how many places it leads.
    mutating func put(_ value: [UInt8], at path: String, only places: Range<Int> = 0..<Int.max) -> Int {
        guard let path = JSONPath(path) else { return 0 }
        var place = -1
        let edited = JSONEditor.edit(body, at: path) { text in
            place += 1
            return places.contains(place) ? value : text
        }
        guard let edited else { return 0 }
        body = edited.bytes
        return edited.count
    }
}
