package import IO

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
