import COpenSSL
import TLSNames

/// What the connections of one loop have in common: identity, versions, tickets, ALPN.
///
/// TLS 1.2 and 1.3 at security level 2, cipher suites and groups as OpenSSL prefers them, no renegotiation, no
/// compression, no early data. Sessions are kept by the clients, in tickets, and nowhere here. A single connection can
/// differ (``HandshakeOptions``).
///
/// [our choice: server-tls] docs/protocol.md section 9: neither the service's versions nor whether it asks appliances
/// for a certificate is public. Without options none is asked for; an OCSP response is stapled where there is one.
package final class ServerContext {
    let handle: ContextHandle
    let ticketKeys: TicketKeys
    let staple: [UInt8]?
    private var varyingContext: VaryingContext?

    /// What is offered where options say nothing else.
    static let versions = ProtocolVersion.tls12 ... .tls13

    /// The protocols spoken here (RFC 7301 section 6), the preferred first: old clients offer `http/1.0` alone.
    package static let applicationProtocols = ["http/1.1", "http/1.0"]

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

    /// Takes the first of ``applicationProtocols`` that stands in a client's list.
    ///
    /// A list with none of them ends the handshake with no_application_protocol (RFC 7301 section 3.2): that client
    /// would send what could not be read here.
    private static func selectProtocol(
        _ chosen: UnsafeMutablePointer<UnsafePointer<UInt8>?>?,
        _ chosenCount: UnsafeMutablePointer<UInt8>?,
        _ offered: UnsafePointer<UInt8>?,
        _ offeredCount: Int
    ) -> CInt {
        let list = unsafe UnsafeBufferPointer(start: offered, count: offeredCount)
        for wanted in applicationProtocols {
            guard let place = unsafe place(of: wanted, in: list) else { continue }
            // It points into the client's list, which OpenSSL copies from at once.
            unsafe chosen?.pointee = offered.map { unsafe $0 + place.lowerBound }
            unsafe chosenCount?.pointee = UInt8(place.count)
            return SSL_TLSEXT_ERR_OK
        }
        return SSL_TLSEXT_ERR_ALERT_FATAL
    }

    /// Where a name stands in a list of names that are led by their lengths; nil where it does not.
    private static func place(of wanted: String, in list: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
        var index = 0
        while index < list.count {
            let name = unsafe (index + 1)..<(index + 1 + Int(list[index]))
            guard name.upperBound <= list.count else { return nil }
            if unsafe list[name].elementsEqual(wanted.utf8) { return name }
            index = name.upperBound
        }
        return nil
    }
}

/// The secret that session tickets are sealed under, shared by the contexts of all loops so that each resumes the
/// sessions of the others.
///
/// Whoever has it can open recorded TLS 1.2 sessions that used tickets, so it should be drawn at each start and kept
/// nowhere.
package struct TicketKeys: Sendable {
    /// A key name of 16 bytes, an HMAC key of 32 and an AES key of 32, as OpenSSL divides them.
    package static let size = 80

    let bytes: [UInt8]

    /// Keys from random bytes.
    ///
    /// - Returns: Nil unless there are `size` bytes.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.size else { return nil }
        self.bytes = bytes
    }
}

extension TicketKeys: CustomStringConvertible {
    /// Nothing of the keys.
    package var description: String { "ticket keys" }
}
