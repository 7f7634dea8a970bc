package import IO

/// The points of a connection's story at which a rule may act, in the order in which a connection passes them.
package enum Stage: String, Sendable, CaseIterable, Comparable {
    /// The listening socket itself.
    case listener
    /// A connection was accepted; nothing was read.
    case accept
    /// The ClientHello was read; nothing was answered.
    case hello
    /// The handshake runs.
    case handshake
    /// A request was read.
    case request
    /// An answer is ready to be sent.
    case answer
    /// The connection is about to be closed in good order.
    case close

    /// Whether it is passed once for each exchange, and not once for a connection.
    package var isOfExchange: Bool { self == .request || self == .answer }

    /// The earlier stage is the lesser.
    package static func < (earlier: Stage, later: Stage) -> Bool { (earlier.order ?? 0) < (later.order ?? 0) }

    private var order: Int? { Self.allCases.firstIndex(of: self) }
}

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
