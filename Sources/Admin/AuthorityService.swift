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
    package typealias Message = Notice
    /// A file, or why there is none.
    package typealias Answer = Notice

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
            let path = bytes.text(at: exchange.request.path.prefix(200))
            exchange.record.path = path
            return answer(to: exchange.request, at: path, in: bytes)
        }
    }

    private func answer(to request: HTTP.Request, at path: String, in bytes: Span<UInt8>) -> Answer {
        if request.asksForServersMethods(in: bytes) { return .methods }
        if request.pathIs("/ocsp", in: bytes) { return posted(request, in: bytes) }
        if path.hasPrefix(Self.ocspFolder) { return inPath(request, in: bytes) }
        guard let file = file(at: path) else { return .nowhere }
        return Self.reads(request) ? file : Self.readOnly
    }

    private static let ocspFolder = "/ocsp/"
    private static let ocspRequest = "application/ocsp-request"
    private static let pem = FieldValue("application/x-pem-file")
    private static let list = FieldValue("application/pkix-crl")

    private func file(at path: String) -> Answer? {
        switch path {
        case "/ca.pem": .content(publication().authorityPEM, Self.pem)
        case "/ca.crt": .content(publication().authorityDER, FieldValue("application/pkix-cert"))
        case "/root.crl": .content(publication().list(of: .root).der, Self.list)
        case "/root.crl.pem": .content(publication().list(of: .root).pem, Self.pem)
        case "/service.crl": .content(publication().list(of: .service).der, Self.list)
        case "/service.crl.pem": .content(publication().list(of: .service).pem, Self.pem)
        case "/device.crl": .content(publication().list(of: .device).der, Self.list)
        case "/device.crl.pem": .content(publication().list(of: .device).pem, Self.pem)
        default: nil
        }
    }

    /// The form of OCSP with the request as content.
    private func posted(_ request: HTTP.Request, in bytes: Span<UInt8>) -> Answer {
        guard request.method == .post else { return .takesOnly("POST") }
        let type = request.value(of: "content-type", in: bytes)?.prefix { bytes[$0] != UInt8(ascii: ";") } ?? []
        let text = String(decoding: type.map { bytes[$0] }.filter { $0 != 0x20 && $0 != 0x09 }, as: UTF8.self)
        guard text.lowercased() == Self.ocspRequest else {
            return .refusal(.unsupportedMediaType, "this path takes application/ocsp-request")
        }
        guard request.body.count <= OCSPResponder.requestLimit else {
            return .refusal(.contentTooLarge, "an OCSP request has at most 8192 bytes")
        }
        return ocsp(bytes.extracting(request.body))
    }

    /// The form of OCSP with the request in the path; what is no base64 is answered as OCSP answers what is no request.
    private func inPath(_ request: HTTP.Request, in bytes: Span<UInt8>) -> Answer {
        guard Self.reads(request) else { return Self.readOnly }
        let text = bytes.extracting(request.path.dropFirst(Self.ocspFolder.utf8.count))
        let question = OCSPPath.request(in: text) ?? []
        return ocsp(question.span)
    }

    private func ocsp(_ request: Span<UInt8>) -> Answer {
        let answer = publication().responder.answer(request, spanning: moments())
        return .content(answer, FieldValue("application/ocsp-response"))
    }

    private static func reads(_ request: HTTP.Request) -> Bool {
        request.method == .get || request.method == .head
    }

    private static var readOnly: Answer { .takesOnly("GET, HEAD") }

    /// Writes the answer.
    package func answer(_ message: Answer, to exchange: Exchange, into body: inout [UInt8]) -> ResponseHead? {
        write(message, to: exchange, into: &body)
    }

    /// Nothing is left to do.
    package func carryOut(_ message: Answer, for caller: Caller?) async -> Answer { message }

    /// Writes the answer.
    package func write(_ answer: Answer, to exchange: Exchange, into body: inout [UInt8]) -> ResponseHead {
        answer.write(to: exchange, into: &body)
    }
}

/// An OCSP request in the path of a GET: base64, then percent signs for what a path cannot hold (RFC 6960 appendix
/// A.1).
package enum OCSPPath {
    /// Reads the request.
    ///
    /// Clients differ in what they escape: a slash or a plus sign may stand for itself. Padding may be left out.
    ///
    /// - Parameter text: everything behind `/ocsp/`, as the client sent it.
    /// - Returns: the request's bytes; nil for what is no base64.
    package static func request(in text: Span<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count * 3 / 4)
        var (group, digits, padding) = (UInt32(0), 0, 0)
        var index = 0
        while index < text.count {
            var byte = text[index]
            index += 1
            if byte == UInt8(ascii: "%") {
                guard index + 1 < text.count, let high = Hexadecimal.value(of: text[index]),
                    let low = Hexadecimal.value(of: text[index + 1])
                else { return nil }
                byte = high << 4 | low
                index += 2
            }
            if byte == UInt8(ascii: "=") {
                padding += 1
                continue
            }
            guard padding == 0, let value = sextet(byte) else { return nil }
            group = group << 6 | UInt32(value)
            digits += 1
            guard digits == 4 else { continue }
            bytes += [UInt8(truncatingIfNeeded: group >> 16), UInt8(truncatingIfNeeded: group >> 8)]
            bytes.append(UInt8(truncatingIfNeeded: group))
            (group, digits) = (0, 0)
        }
        guard digits != 1, padding == 0 || digits + padding == 4 else { return nil }
        if digits >= 2 { bytes.append(UInt8(truncatingIfNeeded: group >> (digits == 2 ? 4 : 10))) }
        if digits == 3 { bytes.append(UInt8(truncatingIfNeeded: group >> 2)) }
        return bytes
    }

    private static func sextet(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
