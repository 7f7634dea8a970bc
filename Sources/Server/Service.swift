package import Faults
package import HTTP
import Journal
package import Lab
import Notation

/// What answers the requests of a listener: the data plane, or the admin plane.
///
/// A request is read once, and its bytes lie in a buffer that the connection lends only until the first wait; the
/// answer is written into one that all connections of a loop share. So `read`, `answer` and `write` borrow, and only
/// `carryOut` waits. What needs no wait is answered without one, so that a poll costs no suspension.
package protocol Service: Sendable {
    /// What a request says: it holds nothing of the buffer that it came in.
    associatedtype Message
    /// What came of a message that took a wait.
    associatedtype Answer

    /// Judges a request by its head, before its body is waited for and before `100 Continue`; only where a body is on
    /// its way that did not come with the head.
    func ruling(on head: HTTP.Request, in bytes: Span<UInt8>) -> HeadRuling

    /// What a request is answered that came to a plane whose places are all taken; nil where it is answered as ever.
    func refusalAtDoor(of request: HTTP.Request, in bytes: Span<UInt8>) -> Answer?

    /// Whether more is asked than a few words; asked on planes of the operator's alone, whose connections take turns.
    func takesLong(_ request: HTTP.Request, in bytes: Span<UInt8>) -> Bool

    /// The lab that a request names by its head, or the listener's; nil where it names one that is not there, and on
    /// planes that belong to none.
    func lab(of head: HTTP.Request, in bytes: Span<UInt8>) -> Lab?

    /// Reads whose the request is and what it says, and notes its lab, its method and its path.
    func read(_ exchange: Exchange, on context: LoopContext) -> Message

    /// What fault rules match on in a message; the licenses that it is about only where they are wanted.
    func facts(of message: Message, in exchange: Exchange, lookingUpLicenses: Bool) -> ExchangeFacts?

    /// The message as fault rules alter it.
    func altered(_ message: Message, by alteration: RequestAlteration) -> Message

    /// Answers what takes no wait: writes the body behind what `body` holds, and says what goes before it. Nil for what
    /// takes one.
    ///
    /// The head's persistence is the connection's to set.
    func answer(_ message: Message, to exchange: Exchange, into body: inout [UInt8]) -> ResponseHead?

    /// Whether what takes a wait may take long, so that it is told when who asked for it goes.
    static var watchesCallers: Bool { get }

    /// Carries out what takes a wait, for `caller` where callers are watched.
    func carryOut(_ message: Message, for caller: Caller?) async -> Answer

    /// Writes what came of it, as ``answer(_:to:into:)`` does.
    func write(_ answer: Answer, to exchange: Exchange, into body: inout [UInt8]) -> ResponseHead

    /// Writes what is told to whoever sent what HTTP or the service refuses, or what did not come in time, and says its
    /// media type.
    func writeRefusal(_ objection: Objection, into body: inout [UInt8]) -> FieldValue
}

/// What a service makes of a request's head.
package enum HeadRuling: Sendable {
    /// The body may come, within so many bytes; nil for the listener's own bound.
    case admitted(limit: Int?)
    /// It need not come: this is the answer, and the connection's end.
    case refused(Objection)
}

/// Why a request is answered before its body has come, and the connection ended.
package struct Objection: Sendable {
    /// The answer's status.
    package let status: Status
    /// One clause for a person, in this server's own words.
    package let reason: String
    /// A short name of it, as for a refusal of HTTP's own.
    package let name: String
    /// What goes into the answer's head.
    let fields: [ResponseField]

    /// Joins them.
    package init(_ status: Status, _ reason: String, named name: String, fields: [ResponseField] = []) {
        self.status = status
        self.reason = reason
        self.name = name
        self.fields = fields
    }

    /// Every place of the plane is taken, and its body is not waited for.
    static var crowded: Objection {
        let retry = ResponseField("Retry-After", "1")
        return Objection(.serviceUnavailable, "every place of this plane is taken", named: "crowded", fields: [retry])
    }

    /// The body is, or is to be, larger than the service takes.
    static func tooLarge(for limit: Int) -> Objection {
        Objection(
            .contentTooLarge,
            "the body is larger than the \(limit) bytes that this path takes",
            named: "too-large"
        )
    }

    /// It did not come in time.
    static var late: Objection { Objection(.requestTimeout, "the request did not arrive in time", named: "timeout") }
}

/// An answer that takes neither a lab nor an operator's route.
package enum Notice: Sendable {
    /// Nothing that is served, or allowed; one line of JSON says why.
    case refusal(Status, String, fields: [ResponseField] = [])
    /// What the server takes at all (RFC 9110 section 9.3.7).
    case methods
    /// Bytes of a media type.
    case content([UInt8], FieldValue)

    /// Nothing is there.
    package static var nowhere: Notice { .refusal(.notFound, "nothing is at this path") }

    /// Something is there, and takes `methods` only.
    package static func takesOnly(_ methods: StaticString) -> Notice {
        .refusal(.methodNotAllowed, "this path takes \(methods)", fields: [ResponseField("Allow", methods)])
    }

    /// Writes the body behind what `body` holds, and says what goes before it.
    package func write(to exchange: Exchange, into body: inout [UInt8]) -> ResponseHead {
        switch self {
        case .refusal(let status, let reason, let fields):
            exchange.record.reason = reason
            JSONValue.appendRefusal(reason, to: &body)
            return ResponseHead(status: status, fields: fields)
        case .methods:
            let methods = ResponseField("Allow", "GET, HEAD, OPTIONS, POST")
            return ResponseHead(status: .noContent, contentType: nil, fields: [methods])
        case .content(let content, let type):
            body += content
            return ResponseHead(status: .ok, contentType: type)
        }
    }
}

extension Service {
    /// Every head is good, and the listener's bound holds.
    package func ruling(on head: HTTP.Request, in bytes: Span<UInt8>) -> HeadRuling { .admitted(limit: nil) }

    /// No: it is done in a moment.
    package static var watchesCallers: Bool { false }

    /// No: it is said in a few words.
    package func takesLong(_ request: HTTP.Request, in bytes: Span<UInt8>) -> Bool { false }

    /// Nothing: every request is answered.
    package func refusalAtDoor(of request: HTTP.Request, in bytes: Span<UInt8>) -> Answer? { nil }

    /// None: an operator's plane belongs to no lab.
    package func lab(of head: HTTP.Request, in bytes: Span<UInt8>) -> Lab? { nil }

    /// Nothing: an operator's plane knows no faults.
    package func facts(of message: Message, in exchange: Exchange, lookingUpLicenses: Bool) -> ExchangeFacts? { nil }

    /// As it is: an operator's plane knows no faults.
    package func altered(_ message: Message, by alteration: RequestAlteration) -> Message { message }

    /// An object with an error's text.
    package func writeRefusal(_ objection: Objection, into body: inout [UInt8]) -> FieldValue {
        JSONValue.appendRefusal(objection.reason, to: &body)
        return .json
    }
}

/// What reading a request came to, kept where its answer takes a wait, or where rules look at it before it is answered
/// and after.
final class Reading<Message> {
    /// What it says.
    let message: Message
    /// The lab whose it is; nil where it names one that is not there.
    let lab: Lab?
    /// What rules see of it; nil where none needs to know.
    let facts: ExchangeFacts?

    init(_ message: Message, of lab: Lab?, facts: ExchangeFacts? = nil) {
        self.message = message
        self.lab = lab
        self.facts = facts
    }
}

extension Method {
    /// The method's token as a record has it, whatever it is, or the beginning of it; `bytes` are the request's.
    func text(in bytes: Span<UInt8>) -> String {
        guard case .other(let range) = self else { return token ?? "" }
        return bytes.text(at: range.prefix(32))
    }
}
