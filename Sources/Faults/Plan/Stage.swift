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
    package static func < (earlier: Stage, later: Stage) -> Bool { earlier.order < later.order }

    private var order: Int {
        switch self {
        case .listener: 0
        case .accept: 1
        case .hello: 2
        case .handshake: 3
        case .request: 4
        case .answer: 5
        case .close: 6
        }
    }
}
