import COpenSSL

/// What the connections of one loop have in common: identity, versions, tickets, ALPN.
///
/// TLS 1.2 and 1.3 at security level 2, cipher suites and groups as OpenSSL prefers them, no renegotiation, no
/// compression, no early data. Sessions are kept by the clients, in tickets, and nowhere here. A single connection can
/// differ (``HandshakeOptions``).
///
/// [our choice: server-tls] PROTOCOL.md section 9: neither the service's versions nor whether it asks appliances for a
/// certificate is public. Without options none is asked for; an OCSP response is stapled where there is one.
package final class ServerContext {
    let handle: ContextHandle
    let ticketKeys: TicketKeys
    let staple: [UInt8]?
    private var varyingContext: VaryingContext?

    /// What is offered where options say nothing else.
    static let versions = ProtocolVersion.tls12 ... .tls13

    /// The one protocol spoken here (RFC 7301 section 6).
    package static let applicationProtocol = "http/1.1"

    /// A context for one loop.
    ///
    /// - Parameters:
    ///   - identity: What every client is shown.
    ///   - ticketKeys: What tickets are sealed under, the same for all loops.
    ///   - staple: An OCSP response in DER for clients that ask for one; nil for none.
    /// - Throws: `TLSError` that names the certificate or key which can't be read or used.
    package init(identity: Identity, ticketKeys: TicketKeys, staple: [UInt8]? = nil) throws(TLSError) {
        let handle = try Self.makeHandle(ticketKeys)
        try handle.use(identity)
        if let staple { try Stapling.install(staple, on: handle) }
        self.handle = handle
        self.ticketKeys = ticketKeys
        self.staple = staple
    }

    /// The context for connections with options.
    func varying() throws(TLSError) -> VaryingContext {
        if let varyingContext { return varyingContext }
        let made = try VaryingContext(like: self)
        varyingContext = made
        return made
    }

    /// A context that presents nothing yet.
    static func makeHandle(_ ticketKeys: TicketKeys) throws(TLSError) -> ContextHandle {
        let handle = try unsafe ContextHandle(method: TLS_server_method(), versions: versions)
        try setTickets(handle, ticketKeys)
        unsafe SSL_CTX_set_alpn_select_cb(
            handle.pointer,
            { _, chosen, chosenCount, offered, offeredCount, _ in
                unsafe ServerContext.selectProtocol(chosen, chosenCount, offered, Int(offeredCount))
            },
            nil
        )
        return handle
    }

    private static func setTickets(_ handle: borrowing ContextHandle, _ keys: TicketKeys) throws(TLSError) {
        let isSet = unsafe keys.bytes.withUnsafeBytes { bytes in
            unsafe c_SSL_CTX_set_tlsext_ticket_keys(handle.pointer, bytes.baseAddress, bytes.count)
        }
        guard isSet == 1 else { throw TLSError(.configure, .library, reasons: ErrorQueue.drain()) }
        // One a handshake, not OpenSSL's two: a unit polls over one connection at a time, and sealing costs.
        _ = unsafe SSL_CTX_set_num_tickets(handle.pointer, 1)
    }

    /// Takes `http/1.1` from a client's list.
    ///
    /// A list without it ends the handshake with no_application_protocol (RFC 7301 section 3.2): that client would
    /// send what could not be read here.
    private static func selectProtocol(
        _ chosen: UnsafeMutablePointer<UnsafePointer<UInt8>?>?,
        _ chosenCount: UnsafeMutablePointer<UInt8>?,
        _ offered: UnsafePointer<UInt8>?,
        _ offeredCount: Int
    ) -> CInt {
        let list = unsafe UnsafeBufferPointer(start: offered, count: offeredCount)
        var index = 0
        while index < list.count {
            let size = unsafe Int(list[index])
            let name = index + 1
            guard name + size <= list.count else { break }
            if unsafe list[name..<(name + size)].elementsEqual(applicationProtocol.utf8) {
                // It points into the client's list, which OpenSSL copies from at once.
                unsafe chosen?.pointee = offered.map { unsafe $0 + name }
                unsafe chosenCount?.pointee = UInt8(size)
                return SSL_TLSEXT_ERR_OK
            }
            index = name + size
        }
        return SSL_TLSEXT_ERR_ALERT_FATAL
    }
}
