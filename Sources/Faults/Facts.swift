/// What a connection knows of itself so far: the matter that rules match on.
package struct Facts: Sendable, Equatable {
    /// The name of the listener that accepted it.
    package var listener: String
    /// The peer's address, without its port.
    package var client: String
    /// The server name that the ClientHello asked for, once it was read.
    package var serverName: String?
    /// The requesting unit's serial, once a request was read.
    package var serial: String?

    /// The facts at the moment of acceptance.
    package init(listener: String, client: String) {
        self.listener = listener
        self.client = client
    }
}
