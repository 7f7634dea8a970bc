package import HTTP
package import Journal
package import Server

/// The lab CA for clients that must trust it, in the open and to anyone; nothing else is here, and never a key.
package struct AuthorityService: Service {
    /// Nothing here takes a wait.
    package typealias Call = Never

    /// What goes out.
    package enum Answer: Sendable {
        /// The CA in PEM.
        case pem
        /// The CA in DER.
        case der
        /// Something that is not here, or not allowed, and why.
        case refusal(Status, String, fields: [ResponseField])
    }

    private let pem: [UInt8]
    private let der: [UInt8]

    /// Serves a certificate in both of its forms.
    package init(pem: [UInt8], der: [UInt8]) {
        self.pem = pem
        self.der = der
    }

    /// Reads the request line.
    package func read(
        _ request: HTTP.Request,
        in bytes: Span<UInt8>,
        on context: LoopContext,
        for record: inout ExchangeRecord
    ) -> Reading<Never, Answer> {
        record.method = request.method.token ?? "?"
        record.path = String(decoding: request.path.prefix(200).map { bytes[$0] }, as: UTF8.self)
        let answer: Answer
        switch record.path {
        case "/ca.pem": answer = .pem
        case "/ca.crt": answer = .der
        default: return .answered(.refusal(.notFound, "nothing is at this path", fields: []))
        }
        guard request.method == .get || request.method == .head else {
            let allow = ResponseField("Allow", "GET, HEAD")
            return .answered(.refusal(.methodNotAllowed, "this path takes GET, HEAD", fields: [allow]))
        }
        return .answered(answer)
    }

    /// Never called.
    package func carryOut(_ call: Never) async -> Answer {}

    /// Writes the answer.
    package func write(_ answer: Answer, into body: inout [UInt8], for record: inout ExchangeRecord) -> ResponseHead {
        switch answer {
        case .pem:
            body += pem
            return ResponseHead(status: .ok, contentType: FieldValue("application/x-pem-file"))
        case .der:
            body += der
            return ResponseHead(status: .ok, contentType: FieldValue("application/pkix-cert"))
        case .refusal(let status, let reason, let fields):
            record.reason = reason
            body += "{\"error\":\"\(reason)\"}\n".utf8
            return ResponseHead(status: status, fields: fields)
        }
    }
}
