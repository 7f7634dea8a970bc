import HTTP
import IO
import Transport

/// A connection that comes through a proxy which tells whose it is.
extension Connection {
    /// Reads the proxy's header before anything else, and takes the client's address from it.
    ///
    /// What came behind the header stays there. Throws where a trusted proxy sends no header, and where its client
    /// has too many connections.
    @inline(never)
    func readProxyHeader() async throws(ConnectionEnd) {
        setHandshakeDeadline()
        while true {
            try allow(
                await channel.readable(until: transport.deadline, isInterruptible: true),
                what: "PROXY protocol header"
            )
            guard let header = try examineProxyHeader() else { continue }
            guard let client = header.client else { return }
            guard listener.census?.count(client.host) != false else { throw .tooMany(client) }
            proxiedHost = client.host
            peer = client
            return
        }
    }

    private func examineProxyHeader() throws(ConnectionEnd) -> ProxyHeader? {
        guard try receiveBeginning(of: "its PROXY protocol header") != nil, let exchange else { return nil }
        switch exchange.input.withUnread({ ProxyHeader.examine($0.span) }) {
        case .needsMore: return nil
        case .refused(let reason): throw .noProxyHeader(reason)
        case .header(let header):
            exchange.input.drop(header.length)
            return header
        }
    }

    /// Gives the client's place back.
    func leaveProxied() {
        if let proxiedHost { listener.census?.discount(proxiedHost) }
        proxiedHost = nil
    }
}
