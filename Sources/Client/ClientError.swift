package import HTTP
package import IO
package import TLS
import Transport

/// Why no answer came; what a server answers is none of these, whatever its status.
package enum ClientError: Error, Equatable, Sendable {
    /// A text that is no URL of a server.
    case badURL(String, reason: String)
    /// A host's name that no address is known for.
    case unresolved(AddressError)
    /// No address took a connection: the last one's address and the kernel's reason.
    case unreachable(SystemError)
    /// TLS failed: which step and whose doing. Nothing of the request had been sent.
    case tls(TLSError)
    /// Nothing came, or nothing was taken, for as long as the caller allows; what was being done.
    case timedOut(Step)
    /// The connection broke: what was being done, and the kernel's reason.
    case lost(Step, SystemError)
    /// TLS broke after the handshake.
    case lostTLS(Step, TLSError)
    /// What came is no answer.
    case broken(ResponseDefect)

    /// What the client was at.
    package enum Step: String, Sendable {
        /// Agreeing on keys and verifying the server.
        case handshake = "shaking hands"
        /// Sending the request.
        case sending = "sending the request"
        /// Waiting for the answer, or for more of it.
        case receiving = "waiting for the answer"
    }

    /// What broke the connection at this step.
    init(_ failure: StreamFailure, while step: Step) {
        self =
            switch failure {
            case .tls(let error): .lostTLS(step, error)
            case .system(let code, let operation): .lost(step, SystemError(code, in: operation))
            }
    }
}

extension ClientError: CustomStringConvertible {
    /// One clause for a person, without a period.
    package var description: String {
        switch self {
        case .badURL(let url, let reason): "the URL \"\(url)\" \(reason)"
        case .unresolved(let error): "\(error)"
        case .unreachable(let error): "\(error)"
        case .tls(let error): "TLS: \(error)"
        case .timedOut(let step): "timed out: \(step.rawValue)"
        case .lost(let step, let error): "the connection broke while \(step.rawValue): \(error.reason)"
        case .lostTLS(let step, let error): "TLS broke while \(step.rawValue): \(error)"
        case .broken(let defect): "\(defect)"
        }
    }
}
