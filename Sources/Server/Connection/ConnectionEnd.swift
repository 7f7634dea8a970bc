import Faults
import HTTP
import IO
import Journal
import TLS
import Transport

/// Why a connection's story ended, where it did not end with its last answer.
///
/// Boxed, so that the frames of waiting functions do not hold room for the largest of them.
indirect enum ConnectionEnd: Error {
    /// The peer closed in good order, or vanished between two requests.
    case peerClosed
    /// The peer vanished in the middle of something.
    case truncated(String)
    /// A deadline passed while waiting for this.
    case timedOut(String)
    /// The server drains, and nothing was under way.
    case drained
    /// The server stopped waiting for what was under way.
    case aborted
    /// Another connection was given its place.
    case displaced
    /// The first bytes were another protocol's.
    case notTLS(ForeignProtocol)
    /// A trusted proxy's first bytes are no header of the PROXY protocol, and why.
    case noProxyHeader(String)
    /// The client that a trusted proxy named has too many connections.
    case tooMany(SocketAddress)
    /// The first bytes began as TLS and were none.
    case malformedHello(ClientHelloDefect)
    /// TLS failed.
    case tls(TLSError)
    /// The request could not be read.
    case refused(Refusal)
    /// The service wants none of the request's body.
    case objected(Objection)
    /// The rest of an answer could not be made.
    case streamFailed(String)
    /// A rule wanted this end.
    case ordered(Ending)
    /// A read or write failed with this `errno`.
    case system(CInt, operation: String)

    /// Nothing more could be read or written.
    init(_ failure: StreamFailure) {
        self =
            switch failure {
            case .tls(let error): .tls(error)
            case .system(let code, let operation): .system(code, operation: operation)
            }
    }

    /// What was waited for did not come about.
    init(_ error: TransportError) {
        self =
            switch error {
            case .failed(let failure): ConnectionEnd(failure)
            case .ended(.deadline, let what): .timedOut(what)
            case .ended(.draining, _): .drained
            case .ended(.aborted, _): .aborted
            case .ended(.displaced, _): .displaced
            case .ended(.ready, let what), .ended(.recalled, let what): .truncated(what)
            case .peerGone: .truncated("a wait of a rule")
            case .limitReached: .ordered(.close)
            }
    }

    /// How the record names it.
    var outcome: ConnectionRecord.Outcome {
        switch self {
        case .peerClosed: .peerClosed
        case .truncated, .streamFailed, .system: .broken
        case .timedOut: .timedOut
        case .drained, .aborted: .shutDown
        case .displaced: .refused
        case .notTLS, .malformedHello, .noProxyHeader: .notTLS
        case .tls(let error): error.operation == .handshake ? .handshakeFailed : .broken
        case .refused, .objected, .tooMany: .refused
        case .ordered: .ordered
        }
    }

    /// The reason in words, where the outcome needs one.
    var reason: String? {
        switch self {
        case .peerClosed, .drained: nil
        case .ordered(let ending): "by a rule: \(ending.name)"
        case .truncated(let what): "the peer closed during \(what)"
        case .timedOut(let what): "no \(what) in time"
        case .streamFailed(let reason): reason
        case .objected(let objection): objection.reason
        case .aborted: "the grace period ended"
        case .displaced: "another connection was given its place"
        case .notTLS(let what): "\(what.words) instead of TLS"
        case .noProxyHeader(let reason): reason
        case .tooMany(let client): "too many connections of \(client.hostDescription)"
        case .malformedHello(let defect): "\(defect)"
        case .tls(let error): "\(error)"
        case .refused(let refusal): "\(refusal)"
        case .system(let code, let operation): "\(SystemError(code, in: operation))"
        }
    }
}

extension Ending {
    /// The end in a word or two.
    fileprivate var name: String {
        switch self {
        case .reset: "reset"
        case .close: "closed"
        case .silence: "silence"
        case .say: "an answer in clear"
        }
    }
}
