package import HTTP
package import Journal
package import Server
import Synchronization

/// The admin plane: whether the server lives and whether it is ready.
package struct AdminService: Service {
    /// Nothing here takes a wait.
    package typealias Call = Never

    /// What goes out.
    package enum Answer: Sendable {
        /// `GET /healthz`: the process answers.
        case health
        /// `GET /readyz`: every listener accepts.
        case readiness
        /// Something that is not here, or not allowed, and why.
        case refusal(Status, String, fields: [ResponseField])
    }

    private let token: BearerToken?
    private let readiness: Readiness

    /// The service; with a token, only who presents it is answered.
    package init(token: BearerToken?, readiness: Readiness) {
        self.token = token
        self.readiness = readiness
    }

    /// Reads the request line and the token.
    package func read(
        _ request: HTTP.Request,
        in bytes: Span<UInt8>,
        on context: LoopContext,
        for record: inout ExchangeRecord
    ) -> Reading<Never, Answer> {
        .answered(answer(request, in: bytes, for: &record))
    }

    private func answer(_ request: HTTP.Request, in bytes: Span<UInt8>, for record: inout ExchangeRecord) -> Answer {
        record.method = request.method.token ?? "?"
        record.path = String(decoding: request.path.prefix(200).map { bytes[$0] }, as: UTF8.self)
        if let token {
            let value = request.value(of: "authorization", in: bytes)
            guard let value, token.isPresented(in: bytes.extracting(value)) else {
                return .refusal(
                    .unauthorized,
                    "a bearer token is needed",
                    fields: [ResponseField("WWW-Authenticate", "Bearer")]
                )
            }
        }
        let answer: Answer
        switch record.path {
        case "/healthz": answer = .health
        case "/readyz": answer = .readiness
        default: return .refusal(.notFound, "nothing is at this path", fields: [])
        }
        guard request.method == .get || request.method == .head else {
            return .refusal(
                .methodNotAllowed,
                "this path takes GET, HEAD",
                fields: [ResponseField("Allow", "GET, HEAD")]
            )
        }
        return answer
    }

    /// Never called.
    package func carryOut(_ call: Never) async -> Answer {}

    /// Writes the answer.
    package func write(_ answer: Answer, into body: inout [UInt8], for record: inout ExchangeRecord) -> ResponseHead {
        switch answer {
        case .health:
            body += "{\"status\":\"alive\"}\n".utf8
            return ResponseHead(status: .ok)
        case .readiness:
            let isReady = readiness.isReady
            body += "{\"status\":\"\(isReady ? "ready" : "not ready")\"}\n".utf8
            return ResponseHead(status: isReady ? .ok : .serviceUnavailable)
        case .refusal(let status, let reason, let fields):
            record.reason = reason
            body += "{\"error\":\"\(reason)\"}\n".utf8
            return ResponseHead(status: status, fields: fields)
        }
    }
}
