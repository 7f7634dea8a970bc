package import Faults

/// One connection from accept to close: who came, how far it got, and how it ended.
package struct ConnectionRecord: Sendable {
    /// How a connection ended.
    package enum Outcome: String, Sendable, CaseIterable {
        /// In good order, after its last answer.
        case closed
        /// The peer closed or vanished where it need not have, without harm.
        case peerClosed = "peer-closed"
        /// The TLS handshake failed.
        case handshakeFailed = "handshake-failed"
        /// The first bytes were no TLS.
        case notTLS = "not-tls"
        /// A request could not be read as HTTP or went beyond a limit.
        case refused
        /// A deadline passed.
        case timedOut = "timed-out"
        /// The server stopped.
        case shutDown = "shut-down"
        /// A read or write failed.
        case broken
        /// A fault rule ended it.
        case ordered
    }

    /// A fatal or warning alert and who sent it.
    package struct AlertNote: Sendable, Equatable {
        /// The name in RFC 8446 section 6, such as `unknown_ca`.
        package let name: String
        /// `sent` by this server or `received` from the peer.
        package let direction: String

        /// Joins both.
        package init(name: String, direction: String) {
            self.name = name
            self.direction = direction
        }
    }

    /// Who came, and what was negotiated.
    package let opening: ConnectionOpening
    /// The stage that it reached.
    package var stage = Stage.accept
    /// The alert that ended it.
    package var alert: AlertNote?
    /// How it ended.
    package let outcome: Outcome
    /// The reason in words, where the outcome needs one.
    package var reason: String?
    /// The name in the client's certificate; nil where none was asked for, or shown.
    package var clientCertificate: String?
    /// What the fault rules of its lab had to do with it.
    package var rules = RuleNotes()
    /// How many exchanges it carried.
    package var exchanges = 0
    /// Bytes read from the socket.
    package var bytesIn: UInt64 = 0
    /// Bytes written to the socket.
    package var bytesOut: UInt64 = 0
    /// How long it lived.
    package var duration = Duration.zero

    /// A record of a connection that ended this way.
    package init(_ opening: ConnectionOpening, outcome: Outcome) {
        self.opening = opening
        self.outcome = outcome
    }
}
