/// The proxies that a listener believes: what they say of their clients' addresses counts, and they have to say it.
package struct TrustedProxies: Sendable, Equatable {
    private let blocks: [AddressBlock]

    /// Proxies in these blocks of addresses; with none nobody is believed.
    package init(_ blocks: [AddressBlock] = []) { self.blocks = blocks }

    /// Whether a peer is one of them.
    package func cover(_ host: SocketAddress.Host) -> Bool { blocks.contains { $0.contains(host) } }
}
