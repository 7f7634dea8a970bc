import Notation
import SoftToken

extension Effect {
    static let serviceError = Effect(
        "service.error",
        at: [.request],
        "The service refuses with this error; nothing is changed in the registry.",
        parameters: [
            Parameter("code", .integer(0...999_999, unit: "(a code)"), "error_code: published, or one not seen yet"),
            Parameter("message", .text(atMost: 1_024), default: "what is published for the code", "error_message"),
            Parameter(
                "at",
                .choice(RefusalPlace.allCases.map(\.rawValue)),
                default: "top",
                "where it stands: at the top, at each token (under code 17), or as text at each peer (under 17 and 31)"
            ),
        ],
        observed: [
            .curl("\"error\":{\"error_code\":17,\"error_message\":\"no valid token found\"}"),
            .openssl("\"error\":{\"error_code\":17,\"error_message\":\"no valid token found\"}"),
            .python("{'error_code': 17, 'error_message': 'no valid token found'}"),
        ],
        expected: "shows the message"
    ) { arguments throws(RuleDefect) in
        let error = ErrorObject(arguments, code: 0)
        let place = try arguments.choice("at", default: .top) { RefusalPlace(rawValue: $0) }
        // A refusal at each token or peer needs one; at the top it needs neither.
        return Action(subject: Subject(rawValue: place.rawValue)) { plan, _ in
            plan.steps.append(.refuse(place))
            plan.answer.edit { draft in
                switch place {
                case .token:
                    return draft.put(error.text, at: "d.tokens[*].error") > 0 ? nil : "it names no token"
                case .peer:
                    // The last unit is the one that asks.
                    let peers = draft.count(of: "d.__clustered_sns[*]") - 1
                    guard peers > 0 else { return "it names no peer" }
                    _ = draft.put(error.quotedMessage, at: "d.__clustered_sns[*].error", only: 0..<peers)
                case .top:
                    guard draft.put(error.text, at: "d.error") > 0 else { return "the answer has no place for it" }
                    draft.code = error.code
                }
                return nil
            }
        }
    }

    static let servicePartial = Effect(
        "service.partial",
        at: [.request],
        "A part of the request's tokens is refused, the last ones; the rest works. A single token cannot be parted.",
        parameters: [
            Parameter("fraction", .number(0.001...0.999), default: "0.5", "which share of them"),
            Parameter("code", .integer(0...999_999, unit: "(a code)"), default: "31", "the error_code of each"),
            Parameter(
                "message",
                .text(atMost: 1_024),
                default: "what is published for the code",
                "the error_message of each"
            ),
        ],
        observed: [
            .curl("\"error\":{\"error_code\":31,\"error_message\":\"token does not belong to product\"}"),
            .openssl("\"error\":{\"error_code\":31,\"error_message\":\"token does not belong to product\"}"),
            .python("{'error_code': 31, 'error_message': 'token does not belong to product'}"),
        ],
        expected: "keeps the good ones"
    ) { arguments in
        let fraction = arguments.number("fraction") ?? 0.5
        let error = ErrorObject(arguments, code: 31)
        return Action(subject: .token) { plan, _ in
            plan.steps.append(.partial(fraction))
            plan.answer.edit { draft in
                let count = draft.count(of: "d.tokens[*]")
                guard count > 1 else { return "there are not two tokens" }
                let failing = (count - Step.failing(fraction, of: count))..<count
                let places = draft.put(error.text, at: "d.tokens[*].error", only: failing)
                return places == count ? nil : "a token has no place for an error"
            }
        }
    }
}

/// An error as answers carry it.
private struct ErrorObject: Sendable {
    let code: Int
    /// `{"error_code":…,"error_message":…}`.
    let text: [UInt8]
    /// The message alone, a string of JSON.
    let quotedMessage: [UInt8]

    /// The error of the parameters `code` and `message`.
    init(_ arguments: Arguments, code usual: Int) {
        code = arguments.integer("code") ?? usual
        let message = arguments.text("message") ?? ErrorTable().text(ofCode: code) ?? "error \(code)"
        quotedMessage = JSONValue.string(message).bytes(escaping: .wire)
        text = Array("{\"error_code\":\(code),\"error_message\":".utf8) + quotedMessage + [UInt8(ascii: "}")]
    }
}
