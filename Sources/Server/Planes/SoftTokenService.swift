package import Faults
package import HTTP
import Journal
package import Lab
package import SoftToken

/// The data plane: the provisioning service's two paths, and a page for people (docs/protocol.md section 1).
package struct SoftTokenService: Service {
    /// What a request says.
    package enum Message {
        /// A message to a lab, from the unit that a client certificate names, where rules ask for one.
        case message(LabSession, Decoded, certificate: Serial?)
        /// A message that a rule has refused.
        case refused(LabSession, LabAnswer)
        /// Something else: what is not served, what is, or the page for people.
        case notice(Notice)
    }

    /// What a lab answered.
    package struct Answer {
        let session: LabSession
        let answer: LabAnswer
    }

    private let listenerLab: Lab
    private let labs: Labs

    /// The service of a listener whose connections belong to `lab`; a request may name another of `labs`.
    package init(lab: Lab, labs: Labs) {
        listenerLab = lab
        self.labs = labs
    }

    /// Reads the request line and, for a message, the body.
    package func read(_ exchange: Exchange, on context: LoopContext) -> Message {
        let request = exchange.request
        return exchange.withBytes { bytes in read(request, in: bytes, exchange, context) }
    }

    @inline(__always)
    private func read(
        _ request: HTTP.Request,
        in bytes: Span<UInt8>,
        _ exchange: Exchange,
        _ context: LoopContext
    ) -> Message {
        exchange.record.method = request.method.text(in: bytes)
        let place = Place(of: request, in: bytes)
        exchange.record.path = place?.rawValue ?? bytes.text(at: request.path.prefix(200))
        // Whatever the path: an exchange is of the lab that it names.
        let named = lab(of: request, in: bytes)
        exchange.lab = named
        guard let lab = named else {
            return .notice(.refusal(.misdirectedRequest, "no lab has the name in X-FauxGuard-Lab"))
        }
        switch place {
        case .process?, .mobile?:
            let endpoint: Endpoint = if case .mobile? = place { .mobile } else { .process }
            return message(request, of: lab, in: bytes, at: endpoint, on: context)
        case .page?:
            guard request.method == .get || request.method == .head else { return .notice(.takesOnly("GET, HEAD")) }
            return .notice(.content(Array(Self.pageText.utf8), .html))
        case nil: return .notice(request.asksForServersMethods(in: bytes) ? .methods : .nowhere)
        }
    }

    /// What there is, by its path.
    private enum Place: String {
        case process = "/SoftToken/Provisioning.asmx/Process"
        case mobile = "/SoftToken/Provisioning.asmx/Mobile"
        case page = "/SoftToken/Provisioning.asmx"

        init?(of request: HTTP.Request, in bytes: Span<UInt8>) {
            if request.pathIs(Place.process.rawValue, in: bytes) {
                self = .process
            } else if request.pathIs(Place.mobile.rawValue, in: bytes) {
                self = .mobile
            } else if request.pathIs(Place.page.rawValue, in: bytes) {
                self = .page
            } else {
                return nil
            }
        }
    }

    /// Takes the body for its lab.
    ///
    /// [our choice: any-content-type] Appliances send `application/json` and something cut off behind it, phones are
    /// not known to; so no `Content-Type` is looked at, but that a body in UTF-16 or the like is told so by name.
    private func message(
        _ request: HTTP.Request,
        of lab: Lab,
        in bytes: Span<UInt8>,
        at endpoint: Endpoint,
        on context: LoopContext
    ) -> Message {
        guard request.method == .post else { return .notice(.takesOnly("POST")) }
        if let encoding = request.foreignEncoding(in: bytes, mindsCharset: false) {
            let reason = "the body is in \(encoding), and only UTF-8 is read here"
            return .notice(.refusal(.unsupportedMediaType, reason))
        }
        guard let session = try? context.session(with: lab) else {
            return .notice(.refusal(.serviceUnavailable, "the lab's registry cannot be read"))
        }
        return .message(session, session.decode(bytes.extracting(request.body), at: endpoint), certificate: nil)
    }

    /// The lab that the request names, or the listener's; nil where it names one that is not there.
    package func lab(of head: HTTP.Request, in bytes: Span<UInt8>) -> Lab? {
        guard let range = head.value(of: "x-fauxguard-lab", in: bytes) else { return listenerLab }
        return labs[bytes.text(at: range)]
    }

    /// The path of any request, and what its message says where it is one.
    package func facts(of message: Message, in exchange: Exchange, lookingUpLicenses: Bool) -> ExchangeFacts? {
        let path = exchange.record.path
        guard case .message(let session, let decoded, _) = message else { return ExchangeFacts(path: path) }
        return session.facts(of: decoded, path: path, lookingUpLicenses: lookingUpLicenses)
    }

    /// A message of the unit that a certificate names, one some of whose tokens are spoilt, or one that is refused.
    package func altered(_ message: Message, by alteration: RequestAlteration) -> Message {
        guard case .message(let session, var decoded, _) = message else { return message }
        if let place = alteration.refusal, let refusal = session.refusal(of: decoded, at: place) {
            return .refused(session, refusal)
        }
        if let share = alteration.partial { decoded = session.parted(decoded, failing: share) }
        return .message(session, decoded, certificate: alteration.certificate)
    }

    /// Answers everything but what may change something in a lab.
    package func answer(_ message: Message, to exchange: Exchange, into body: inout [UInt8]) -> ResponseHead? {
        switch message {
        case .message(let session, let decoded, let certificate):
            let kind = session.answer(decoded, certificate: certificate, into: &body, noting: &exchange.record)
            return kind.map { head(of: $0, in: exchange) }
        case .refused(let session, let refusal):
            return write(Answer(session: session, answer: refusal), to: exchange, into: &body)
        case .notice(let notice): return notice.write(to: exchange, into: &body)
        }
    }

    /// Lets the lab carry a message out.
    package func carryOut(_ message: Message, for caller: Caller?) async -> Answer {
        guard case .message(let session, .request(let request), let certificate) = message else {
            preconditionFailure("what is no request to a lab is answered at once")
        }
        return Answer(session: session, answer: await session.carryOut(request, certificate: certificate))
    }

    /// Writes the body and chooses the head.
    ///
    /// [our choice: answer-head] No published answer shows its head. A refusal goes out with status 200, since a client
    /// is known to read `error` only then; the type is `application/json; charset=utf-8`, with a length, on a
    /// connection that may go on.
    package func write(_ answer: Answer, to exchange: Exchange, into body: inout [UInt8]) -> ResponseHead {
        head(of: answer.session.write(answer.answer, into: &body, noting: &exchange.record), in: exchange)
    }

    private func head(of kind: LabAnswer.Kind, in exchange: Exchange) -> ResponseHead {
        switch kind {
        case .answered: return ResponseHead(status: .ok)
        case .unreadable:
            return ResponseHead(status: .internalServerError, fields: [ResponseField("jsonerror", "true")])
        case .unavailable(let reason):
            exchange.record.reason = reason
            return ResponseHead(status: .serviceUnavailable)
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
