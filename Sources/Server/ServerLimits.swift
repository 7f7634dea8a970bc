package import HTTP

/// Everything that a peer could make grow or last, with its bound.
///
/// The defaults are these initial values.
package struct ServerLimits: Sendable {
    /// Open connections in all; 0 follows from the process's descriptor limit.
    package var connections = 0
    /// Open connections of one address; 0 means no limit, since a lab's clients often share one.
    package var connectionsPerAddress = 0
    /// Open connections of the admin plane; fewer where the process's descriptor limit is low.
    package var adminConnections = 256
    /// Those of one address; 0 means three quarters of them.
    package var adminConnectionsPerAddress = 0
    /// Journals that are watched at a time through the admin plane; one address has three quarters of them at most.
    package var adminStreams = 64
    /// Expectations that are waited for at a time; one address has three quarters of them at most.
    package var adminWaits = 64
    /// Bytes of a request's head.
    package var headBytes = RequestLimits.defaultHeadBytes
    /// Bytes of a request's body.
    package var bodyBytes = RequestLimits.defaultBodyBytes
    /// From accept to the handshake's end.
    package var handshakeTimeout = Duration.seconds(10)
    /// From a request's first byte to its head's last.
    package var headTimeout = Duration.seconds(10)
    /// From the head's last byte to the body's last.
    package var bodyTimeout = Duration.seconds(30)
    /// Between two requests.
    package var idleTimeout = Duration.seconds(75)
    /// For a peer to take an answer.
    package var writeTimeout = Duration.seconds(30)

    /// Descriptors kept free for everything that is no connection of the data plane: files, the database, and an admin
    /// plane of up to ``adminConnectionsIncluded`` connections.
    package static let reservedDescriptors = 128
    /// How many connections of the admin plane are among them; what it has more is kept free besides.
    package static let adminConnectionsIncluded = 64

    /// How long a refused peer may go on sending before its connection is closed under it.
    ///
    /// Closing at once would reset the connection and could destroy the answer that says why (RFC 9112 section 9.6).
    package static let lingerTimeout = Duration.seconds(2)
    /// The same while the server stops, or the lab goes.
    package static let shortLingerTimeout = Duration.milliseconds(200)
    /// How many bytes of such a peer are read and dropped.
    package static let lingerBytes = 256 * 1024

    /// The defaults.
    package init() {}

    /// The same, but for bodies of up to `bytes`, which may take minutes to arrive: a registry's document.
    package func forDocuments(of bytes: Int) -> ServerLimits {
        var limits = self
        limits.bodyBytes = max(bodyBytes, bytes)
        limits.bodyTimeout = max(bodyTimeout, .seconds(300))
        return limits
    }

    /// What the HTTP reader is told.
    package var request: RequestLimits {
        RequestLimits(
            requestLineBytes: min(RequestLimits.defaultRequestLineBytes, headBytes),
            headBytes: headBytes,
            bodyBytes: bodyBytes
        )
    }
}
