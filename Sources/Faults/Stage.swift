/// The points of a connection's story at which a rule may act, in the order in which a connection passes them.
package enum Stage: String, Sendable, CaseIterable {
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
}
