package import Faults
package import HTTP
package import Journal
package import Lab

/// What answers the requests of a listener: the data plane, or the admin plane.
///
/// A request passes three steps, because its bytes lie in a buffer that the connection lends only until the first wait,
/// and the answer is written into one that all connections of a loop share: `read` and `write` borrow, only `carryOut`
/// waits. What needs no wait is answered by `read`, so that a poll costs no suspension.
package protocol Service: Sendable {
    /// A request that takes a wait.
    associatedtype Call
    /// What came of it.
    associatedtype Answer

    /// Judges a request by its head, before its body is waited for and before `100 Continue`; only where a body is on its
    /// way that did not come with the head.
    func ruling(on head: HTTP.Request, in bytes: Span<UInt8>) -> HeadRuling

    /// Reads what the request asks, while its bytes are there, and answers it where that needs no wait.
    func read(
        _ request: HTTP.Request,
        in bytes: Span<UInt8>,
        on context: LoopContext,
        for record: inout ExchangeRecord
    ) -> Reading<Call, Answer>

    /// The same of a request that fault rules alter before it is read.
    func read(
        _ request: HTTP.Request,
        in bytes: Span<UInt8>,
        on context: LoopContext,
        for record: inout ExchangeRecord,
        altered alteration: RequestAlteration
    ) -> Reading<Call, Answer>

    /// The lab whose fault rules a request falls under; nil where none may touch the service.
    func faultLab(of request: HTTP.Request, in bytes: Span<UInt8>) -> Lab?

    /// What the fault rules of a lab match on in a request; the licenses that it is about only where they are wanted.
    func faultFacts(
        of request: HTTP.Request,
        in bytes: Span<UInt8>,
        for lab: Lab,
        on context: LoopContext,
        lookingUpLicenses: Bool
    ) -> ExchangeFacts?

    /// Whether more is asked than a few words; asked on planes of the operator's alone, whose connections take turns.
    func takesLong(_ request: HTTP.Request, in bytes: Span<UInt8>) -> Bool

    /// Whether what takes a wait may take long, so that it is told when who asked for it goes.
    static var watchesCallers: Bool { get }

    /// Carries out what takes a wait, for `caller` where callers are watched.
    func carryOut(_ call: Call, for caller: Caller?) async -> Answer

    /// What a request is answered that came to a plane whose places are all taken; nil where it is answered as ever.
    func refusalAtDoor(of request: HTTP.Request, in bytes: Span<UInt8>) -> Answer?

    /// Writes what is told to whoever sent what HTTP or the service refuses, or what did not come in time, and says its media
    /// type.
    func writeRefusal(_ objection: Objection, into body: inout [UInt8]) -> FieldValue

    /// Writes the answer's body behind what `body` holds, and says what goes before it.
    ///
    /// The head's persistence is the connection's to set.
    func write(_ answer: Answer, into body: inout [UInt8], for record: inout ExchangeRecord) -> ResponseHead

    /// What makes the rest of an answer's body while it is sent, after what ``write(_:into:for:)`` made; nil where that
    /// was all.
    func stream(of answer: Answer) -> (any BodyStream)?
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

    /// As it is: an operator's plane knows no faults.
    package func read(
        _ request: HTTP.Request,
        in bytes: Span<UInt8>,
        on context: LoopContext,
        for record: inout ExchangeRecord,
        altered alteration: RequestAlteration
    ) -> Reading<Call, Answer> {
        read(request, in: bytes, on: context, for: &record)
    }

    /// None: an operator's plane knows no faults.
    package func faultLab(of request: HTTP.Request, in bytes: Span<UInt8>) -> Lab? { nil }

    /// Nothing: an operator's plane knows no faults.
    package func faultFacts(
        of request: HTTP.Request,
        in bytes: Span<UInt8>,
        for lab: Lab,
        on context: LoopContext,
        lookingUpLicenses: Bool
    ) -> ExchangeFacts? { nil }

    /// An object with an error's text.
    ///
    /// Reasons are this server's own words, which have nothing to escape.
    package func writeRefusal(_ objection: Objection, into body: inout [UInt8]) -> FieldValue {
        body += Array("{\"error\":\"\(objection.reason)\"}\n".utf8)
        return .json
    }

    /// Nothing: most answers are whole.
    package func stream(of answer: Answer) -> (any BodyStream)? { nil }
}
