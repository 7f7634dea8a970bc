import Notation
import SoftToken

/// Which field of an answer an effect means.
struct FieldPath: Sendable {
    /// What the catalogue says of the parameter.
    static let summary = "the field's path below d, such as error, tokens[0].license or tokens[*].token_activation_code"

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

    /// Why no answer to what the rule matches has the field.
    func contradiction(with match: RuleMatch) -> RuleDefect? {
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

    /// What a change of the field came to.
    enum Changed {
        case body([UInt8])
        case missing(String)

        /// Puts the body into the answer; the reason why there is none otherwise.
        func apply(to draft: inout AnswerDraft) -> String? {
            switch self {
            case .body(let bytes):
                draft.body = bytes
                return nil
            case .missing(let reason): return reason
            }
        }
    }

    /// Changes the field.
    func change(_ body: [UInt8], _ change: ([UInt8]) -> [UInt8]?) -> Changed {
        guard let edited = JSONEditor.edit(body, at: path, change) else { return .missing("the answer is no JSON") }
        return edited.count > 0 ? .body(edited.bytes) : .missing("the answer has no \(text)")
    }
}
