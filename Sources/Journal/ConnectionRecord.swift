package import Faults
package import IO

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

/// What is settled of a connection once its handshake is over: one object, shared by all that is recorded of it.
///
/// It is made with the connection's first exchange, or at its end where there was none.
package final class ConnectionOpening: Sendable {
    /// What the handshake came to.
    package struct Handshake: Sendable, Equatable {
        /// The protocol, such as `TLSv1.3`.
        package let version: String
        /// The cipher suite by its IANA name.
        package let cipher: String
        /// The application protocol; nil where none was negotiated.
        package let applicationProtocol: String?
        /// Whether an earlier session was resumed.
        package let isResumed: Bool

        /// Joins the fields.
        package init(version: String, cipher: String, applicationProtocol: String?, isResumed: Bool) {
            self.version = version
            self.cipher = cipher
            self.applicationProtocol = applicationProtocol
            self.isResumed = isResumed
        }
    }

    /// The connection's number, unique in the process.
    package let id: UInt64
    /// The lab of its listener; nil on a plane that belongs to none.
    package let lab: String?
    /// The listener's name.
    package let listener: String
    /// Where it came from.
    package let peer: SocketAddress
    /// When it was accepted, in milliseconds since 1970 by the host's clock.
    package let accepted: Int64
    /// The same in seconds by the lab's clock; nil on a plane that belongs to none.
    package let labTime: Int64?
    /// The server name that the ClientHello asked for.
    package let serverName: String?
    /// The ClientHello's fingerprint.
    package let ja4: String?
    /// What was negotiated; nil where no handshake was completed.
    package let handshake: Handshake?
    /// Microseconds from the accept to the whole ClientHello.
    package let helloMicroseconds: UInt32?
    /// Microseconds from the ClientHello to the handshake's end.
    package let handshakeMicroseconds: UInt32?

    /// Joins the fields.
    package init(
        id: UInt64,
        lab: String?,
        listener: String,
        peer: SocketAddress,
        accepted: Int64,
        labTime: Int64?,
        serverName: String? = nil,
        ja4: String? = nil,
        handshake: Handshake? = nil,
        helloMicroseconds: UInt32? = nil,
        handshakeMicroseconds: UInt32? = nil
    ) {
        self.id = id
        self.lab = lab
        self.listener = listener
        self.peer = peer
        self.accepted = accepted
        self.labTime = labTime
        self.serverName = serverName
        self.ja4 = ja4
        self.handshake = handshake
        self.helloMicroseconds = helloMicroseconds
        self.handshakeMicroseconds = handshakeMicroseconds
    }
}
