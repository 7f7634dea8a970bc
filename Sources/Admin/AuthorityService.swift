import FoundationEssentials
package import HTTP
import Journal
import Notation
package import Server
package import TLS

/// The lab CA, the lists of what was revoked, and OCSP, in the open and to anyone; nothing else is here, and never a
/// key.
package struct AuthorityService: Service {
    /// Nothing here takes a wait, an OCSP answer is one signature, of a fraction of a millisecond: what is asked is its
    /// answer.
    package typealias Message = AdminAnswer

    /// What goes out.
    package typealias Answer = AdminAnswer

    private let publication: @Sendable () -> PKIPublication
    private let moments: @Sendable () -> ClosedRange<Int64>

    /// Serves what is published at the moment of a request; OCSP answers count by every clock in `moments`, Unix
    /// seconds.
    package init(
        spanning moments: @escaping @Sendable () -> ClosedRange<Int64>,
        _ publication: @escaping @Sendable () -> PKIPublication
    ) {
        self.publication = publication
        self.moments = moments
    }

    /// Reads the request, and answers it.
    package func read(_ exchange: Exchange, on context: LoopContext) -> Answer {
        exchange.withBytes { bytes in
            exchange.record.method = exchange.request.method.token ?? "?"
            let path = String(decoding: exchange.request.path.prefix(200).map { bytes[$0] }, as: UTF8.self)
            exchange.record.path = path
            return answer(to: exchange.request, at: path, in: bytes)
        }
    }

    private func answer(to request: HTTP.Request, at path: String, in bytes: Span<UInt8>) -> Answer {
        if request.asksForServersMethods(in: bytes) { return .methods("GET, HEAD, OPTIONS, POST") }
        if request.pathIs("/ocsp", in: bytes) { return posted(request, in: bytes) }
        if path.hasPrefix(Self.ocspFolder) { return inPath(request, in: bytes) }
        guard let file = file(at: path) else { return Self.refusal(.notFound, "nothing is at this path") }
        return Self.reads(request) ? file : Self.readOnly
    }

    private static let ocspFolder = "/ocsp/"
    private static let ocspRequest = "application/ocsp-request"
    private static let pem = FieldValue("application/x-pem-file")
    private static let list = FieldValue("application/pkix-crl")

    private func file(at path: String) -> Answer? {
        switch path {
        case "/ca.pem": .text(publication().authorityPEM, Self.pem)
        case "/ca.crt": .text(publication().authorityDER, FieldValue("application/pkix-cert"))
        case "/root.crl": .text(publication().list(of: .root).der, Self.list)
        case "/root.crl.pem": .text(publication().list(of: .root).pem, Self.pem)
        case "/service.crl": .text(publication().list(of: .service).der, Self.list)
        case "/service.crl.pem": .text(publication().list(of: .service).pem, Self.pem)
        case "/device.crl": .text(publication().list(of: .device).der, Self.list)
        case "/device.crl.pem": .text(publication().list(of: .device).pem, Self.pem)
        default: nil
        }
    }

    /// The form of OCSP with the request as content.
    private func posted(_ request: HTTP.Request, in bytes: Span<UInt8>) -> Answer {
        guard request.method == .post else {
            return Self.refusal(.methodNotAllowed, "this path takes POST", [ResponseField("Allow", "POST")])
        }
        let type = request.value(of: "content-type", in: bytes)?.prefix { bytes[$0] != UInt8(ascii: ";") } ?? []
        let text = String(decoding: type.map { bytes[$0] }.filter { $0 != 0x20 && $0 != 0x09 }, as: UTF8.self)
        guard text.lowercased() == Self.ocspRequest else {
            return Self.refusal(.unsupportedMediaType, "this path takes application/ocsp-request")
        }
        guard request.body.count <= OCSPResponder.requestLimit else {
            return Self.refusal(.contentTooLarge, "an OCSP request has at most 8192 bytes")
        }
        return ocsp(bytes.extracting(request.body))
    }

    /// The form of OCSP with the request in the path: base64, then percent signs for what a path cannot hold (RFC 6960
    /// appendix A.1).
    ///
    /// Clients differ in what they escape: a slash or a plus sign may stand for itself. Padding may be left out. What
    /// is no base64 is answered as OCSP answers what is no request.
    private func inPath(_ request: HTTP.Request, in bytes: Span<UInt8>) -> Answer {
        guard Self.reads(request) else { return Self.readOnly }
        let path = request.path.dropFirst(Self.ocspFolder.utf8.count).map { bytes[$0] }
        let text = RequestTarget.decode(path[...], plusIsBlank: false) ?? "?"
        let digits = text.prefix { $0 != "=" }
        let (rest, padding) = (digits.utf8.count % 4, text.utf8.count - digits.utf8.count)
        let isWhole = padding == 0 || rest + padding == 4
        let filled = String(digits) + String(repeating: "=", count: (4 - rest) % 4)
        let question = (isWhole ? Data(base64Encoded: filled) : nil).map { Array($0) } ?? []
        return ocsp(question.span)
    }

    private func ocsp(_ request: Span<UInt8>) -> Answer {
        let answer = publication().responder.answer(request, spanning: moments())
        return .text(answer, FieldValue("application/ocsp-response"))
    }

    private static func reads(_ request: HTTP.Request) -> Bool {
        request.method == .get || request.method == .head
    }

    private static var readOnly: Answer {
        refusal(.methodNotAllowed, "this path takes GET, HEAD", [ResponseField("Allow", "GET, HEAD")])
    }

    /// Something that is not here, or not allowed, and why.
    private static func refusal(_ status: Status, _ reason: String, _ fields: [ResponseField] = []) -> Answer {
        var answer = Answer(status: status, contentType: .json, fields: fields, reason: reason)
        JSONValue.appendRefusal(reason, to: &answer.body)
        return answer
    }

    /// Writes the answer.
    package func answer(_ message: Answer, to exchange: Exchange, into body: inout [UInt8]) -> ResponseHead? {
        message.write(to: exchange, into: &body)
    }

    /// Nothing is left to do.
    package func carryOut(_ message: Answer, for caller: Caller?) async -> Answer { message }

    /// Writes the answer.
    package func write(_ answer: Answer, to exchange: Exchange, into body: inout [UInt8]) -> ResponseHead {
        answer.write(to: exchange, into: &body)
    }
}
