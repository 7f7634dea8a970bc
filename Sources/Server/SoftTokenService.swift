package import Faults
package import HTTP
package import Journal
package import Lab
import SoftToken

/// The data plane: the provisioning service's two paths, and a page for people (docs/protocol.md section 1).
package struct SoftTokenService: Service {
    /// A message that changes something in a lab.
    package struct Call {
        let session: LabSession
        let change: LabChange
        let certificate: Serial?
    }

    /// What goes out.
    package enum Answer {
        /// The lab's answer.
        case message(LabSession, LabAnswer)
        /// One line of JSON that says why not.
        case refusal(Status, String, fields: [ResponseField])
        /// The page for people.
        case page
        /// What the server takes at all (RFC 9110 section 9.3.7).
        case methods
    }

    private let listenerLab: Lab
    private let labs: Labs

    /// The service of a listener whose connections belong to `lab`; a request may name another of `labs`.
    package init(lab: Lab, labs: Labs) {
        listenerLab = lab
        self.labs = labs
    }

    static let page = "/SoftToken/Provisioning.asmx"
    static let process = "/SoftToken/Provisioning.asmx/Process"
    static let mobile = "/SoftToken/Provisioning.asmx/Mobile"

    /// Reads the request line and, for a message, the body.
    package func read(
        _ request: HTTP.Request,
        in bytes: Span<UInt8>,
        on context: LoopContext,
        for record: inout ExchangeRecord
    ) -> Reading<Call, Answer> {
        read(request, in: bytes, on: context, for: &record, alteration: nil)
    }

    /// Reads it with what fault rules make of its message.
    package func read(
        _ request: HTTP.Request,
        in bytes: Span<UInt8>,
        on context: LoopContext,
        for record: inout ExchangeRecord,
        altered alteration: RequestAlteration
    ) -> Reading<Call, Answer> {
        read(request, in: bytes, on: context, for: &record, alteration: alteration)
    }

    @inline(__always)
    private func read(
        _ request: HTTP.Request,
        in bytes: Span<UInt8>,
        on context: LoopContext,
        for record: inout ExchangeRecord,
        alteration: RequestAlteration?
    ) -> Reading<Call, Answer> {
        record.method = request.method.text(in: bytes)
        let place = place(of: request, in: bytes)
        record.path =
            switch place {
            case .process: Self.process
            case .mobile: Self.mobile
            case .page: Self.page
            case .elsewhere: String(decoding: request.path.prefix(200).map { bytes[$0] }, as: UTF8.self)
            }
        // Whatever the path: an exchange is of the lab that it names.
        guard let lab = lab(of: request, in: bytes) else {
            return .answered(.refusal(.misdirectedRequest, "no lab has the name in X-FauxGuard-Lab", fields: []))
        }
        if lab !== listenerLab { record.journal = lab.journal }
        switch place {
        case .process, .mobile:
            guard request.method == .post else { return notAllowed("POST") }
            let endpoint: Endpoint = place == .process ? .process : .mobile
            return message(request, of: lab, in: bytes, at: endpoint, on: context, alteration)
        case .page:
            guard request.method == .get || request.method == .head else { return notAllowed("GET, HEAD") }
            return .answered(.page)
        case .elsewhere where request.asksForServersMethods(in: bytes): return .answered(.methods)
        case .elsewhere: return .answered(.refusal(.notFound, "nothing is at this path", fields: []))
        }
    }

    /// What a path leads to.
    private enum Place {
        case process
        case mobile
        case page
        case elsewhere
    }

    private func place(of request: HTTP.Request, in bytes: Span<UInt8>) -> Place {
        if request.pathIs(Self.process, in: bytes) { return .process }
        if request.pathIs(Self.mobile, in: bytes) { return .mobile }
        return request.pathIs(Self.page, in: bytes) ? .page : .elsewhere
    }

    /// Takes the body for its lab.
    ///
    /// [our choice: any-content-type] Appliances send `application/json` and something cut off behind it, phones are not
    /// known to; so no `Content-Type` is looked at, but that a body in UTF-16 or the like is told so by name.
    private func message(
        _ request: HTTP.Request,
        of lab: Lab,
        in bytes: Span<UInt8>,
        at endpoint: Endpoint,
        on context: LoopContext,
        _ alteration: RequestAlteration?
    ) -> Reading<Call, Answer> {
        if let encoding = request.foreignEncoding(in: bytes, mindsCharset: false) {
            let reason = "the body is in \(encoding.name), and only UTF-8 is read here"
            return .answered(.refusal(.unsupportedMediaType, reason, fields: []))
        }
        guard let session = try? context.session(with: lab) else {
            return .answered(.refusal(.serviceUnavailable, "the lab's registry cannot be read", fields: []))
        }
        let body = bytes.extracting(request.body)
        let reading = alteration.map { read(body, at: endpoint, $0, session) } ?? session.read(body, at: endpoint)
        switch reading {
        case .answered(let answer): return .answered(.message(session, answer))
        case .change(let change):
            return .call(Call(session: session, change: change, certificate: alteration?.certificate))
        }
    }

    /// The lab that the request names, or the listener's; nil where it names one that is not there.
    private func lab(of request: HTTP.Request, in bytes: Span<UInt8>) -> Lab? {
        guard let range = request.value(of: "x-fauxguard-lab", in: bytes) else { return listenerLab }
        return labs[String(decoding: range.map { bytes[$0] }, as: UTF8.self)]
    }

    /// Reads a message as fault rules alter it.
    private func read(
        _ body: Span<UInt8>,
        at endpoint: Endpoint,
        _ alteration: RequestAlteration,
        _ session: LabSession
    ) -> LabReading {
        var decoded = RequestDecoder.decode(body, at: endpoint)
        if let refusal = alteration.refusal,
            let reading = session.refusal(of: decoded, at: refusal)
        {
            return reading
        }
        if let share = alteration.partial { decoded = session.parted(decoded, failing: share) }
        return session.read(decoded, certificate: alteration.certificate)
    }

    /// The lab that the request names, or the listener's.
    package func faultLab(of request: HTTP.Request, in bytes: Span<UInt8>) -> Lab? { lab(of: request, in: bytes) }

    /// The path of any request, and what its message says where it is one.
    package func faultFacts(
        of request: HTTP.Request,
        in bytes: Span<UInt8>,
        for lab: Lab,
        on context: LoopContext,
        lookingUpLicenses: Bool
    ) -> ExchangeFacts? {
        let isProcess = request.pathIs(Self.process, in: bytes)
        guard isProcess || request.pathIs(Self.mobile, in: bytes), request.method == .post,
            let session = try? context.session(with: lab)
        else {
            return ExchangeFacts(
                path: String(decoding: request.path.prefix(ExchangeFacts.pathLimit).map { bytes[$0] }, as: UTF8.self)
            )
        }
        let decoded = RequestDecoder.decode(bytes.extracting(request.body), at: isProcess ? .process : .mobile)
        let path = isProcess ? Self.process : Self.mobile
        return session.facts(of: decoded, path: path, lookingUpLicenses: lookingUpLicenses)
    }

    private func notAllowed(_ methods: StaticString) -> Reading<Call, Answer> {
        .answered(.refusal(.methodNotAllowed, "this path takes \(methods)", fields: [ResponseField("Allow", methods)]))
    }

    /// Lets the lab carry a message out.
    package func carryOut(_ call: Call, for caller: Caller?) async -> Answer {
        .message(call.session, await call.session.carryOut(call.change, certificate: call.certificate))
    }

    /// Writes the body and chooses the head.
    ///
    /// [our choice: answer-head] No published answer shows its head. A refusal goes out with status 200, since a client is
    /// known to read `error` only then; the type is `application/json; charset=utf-8`, with a length, on a connection
    /// that may go on.
    package func write(_ answer: Answer, into body: inout [UInt8], for record: inout ExchangeRecord) -> ResponseHead {
        switch answer {
        case .message(let session, let answer):
            let kind = session.write(answer, into: &body)
            session.note(answer, in: &record)
            switch kind {
            case .answered: return ResponseHead(status: .ok)
            case .unreadable:
                return ResponseHead(status: .internalServerError, fields: [ResponseField("jsonerror", "true")])
            case .unavailable(let reason):
                record.reason = reason
                return ResponseHead(status: .serviceUnavailable)
            }
        case .refusal(let status, let reason, let fields):
            record.reason = reason
            body += "{\"error\":\"\(reason)\"}\n".utf8
            return ResponseHead(status: status, fields: fields)
        case .methods:
            return ResponseHead(
                status: .noContent,
                contentType: nil,
                fields: [ResponseField("Allow", "GET, HEAD, OPTIONS, POST")]
            )
        case .page:
            body += Self.pageText.utf8
            return ResponseHead(status: .ok, contentType: .html)
        }
    }

    private static let pageText = """
        <!doctype html>
        <html lang="en"><meta charset="utf-8"><title>FauxGuard lab server</title>
        <h1>FauxGuard lab server</h1>
        <p>A stand-in for a soft-token provisioning service, for labs and tests. It is not the vendor's.</p>
        <ul>
        <li><code>POST /SoftToken/Provisioning.asmx/Process</code>: ActivationLicenseRequest, ProvisionRequest, PollingRequest
        <li><code>POST /SoftToken/Provisioning.asmx/Mobile</code>: MobileProvisionRequest
        </ul>
        </html>

        """
}
