package import IO

/// What a connection knows of itself so far: the matter that rules match on.
package struct Facts: Sendable, Equatable {
    /// The name of the listener that accepted it.
    package var listener: String
    /// The peer's address, without its port.
    package var client: SocketAddress.Host
    /// The server name that the ClientHello asked for, once it was read.
    package var serverName: String?
    /// The ClientHello's fingerprint, once it was read and anybody wants to know.
    package var ja4: String?
    /// What the exchange at hand is about; nil before a request was read.
    package var exchange: ExchangeFacts?

    /// The facts at the moment of acceptance.
    package init(listener: String, client: SocketAddress.Host) {
        self.listener = listener
        self.client = client
    }
}

/// What one request says of itself.
package struct ExchangeFacts: Sendable, Equatable {
    /// How many bytes of a path are looked at.
    package static let pathLimit = 200

    /// The path, without its query, as far as ``pathLimit``.
    package var path: String
    /// The message's type without `SoftToken.`; nil where there is none.
    package var message: String?
    /// The requesting unit.
    package var serial: String?
    /// The licenses that it is about, as far as the registry knows them.
    package var licenses: [String] = []
    /// The tokens that it names.
    package var tokens: [String] = []

    /// The facts of a request to this path.
    package init(path: String) {
        self.path = path
    }
}
