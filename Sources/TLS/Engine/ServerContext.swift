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
    private let identity: PresentedIdentity
    private let ticketKeys: TicketKeys
    private var varyingContext: VaryingContext?

    /// What is offered where options say nothing else.
    static let versions = ProtocolVersion.tls12 ... .tls13

    /// The protocols spoken here (RFC 7301 section 6), the preferred first, each led by its length: old clients offer
    /// `http/1.0` alone.
    private static let protocols: StaticString = "\u{8}http/1.1\u{8}http/1.0"

    /// A context for one loop, that shows every client the identity, with an OCSP response in DER where it asks for one
    /// and there is one.
    ///
    /// Tickets are sealed under keys that are the same for all loops. Throws a `TLSError` that names the certificate or
    /// key which can't be read or used.
    package init(identity: Identity, ticketKeys: TicketKeys, staple: [UInt8]? = nil) throws(TLSError) {
        handle = try Self.makeHandle(ticketKeys)
        self.identity = try PresentedIdentity(identity, staple: staple)
        self.ticketKeys = ticketKeys
        try self.identity.present(on: handle)
        if staple == nil { return }
        _ = unsafe c_SSL_CTX_set_tlsext_status_cb(handle.pointer) { ssl, context in
            guard let context = unsafe context else { return SSL_TLSEXT_ERR_NOACK }
            let own = unsafe Unmanaged<ServerContext>.fromOpaque(context).takeUnretainedValue()
            return unsafe ServerContext.staple(own.staple, to: ssl)
        }
        // Each connection's engine keeps this.
        _ = unsafe c_SSL_CTX_set_tlsext_status_arg(handle.pointer, Unmanaged.passUnretained(self).toOpaque())
    }

    /// The OCSP response of its identity.
    var staple: [UInt8]? { identity.staple }

    /// Gives one client that has asked its OCSP response (RFC 6066 section 8, RFC 8446 section 4.4.2.1), and returns
    /// what OpenSSL's callback has to.
    static func staple(_ bytes: [UInt8]?, to ssl: OpaquePointer?) -> CInt {
        guard let bytes, unsafe c_SSL_set_tlsext_status_ocsp_resp(ssl, bytes, bytes.count) == 1 else {
            return SSL_TLSEXT_ERR_NOACK
        }
        return SSL_TLSEXT_ERR_OK
    }

    /// The context for connections with options.
    func varying() throws(TLSError) -> VaryingContext {
        if let varyingContext { return varyingContext }
        let made = try VaryingContext(handle: Self.makeHandle(ticketKeys))
        try identity.present(on: made.handle)
        varyingContext = made
        return made
    }

    /// A context that presents nothing yet.
    private static func makeHandle(_ keys: TicketKeys) throws(TLSError) -> ContextHandle {
        let handle = try unsafe ContextHandle(method: TLS_server_method(), versions: versions)
        let isSet = unsafe keys.bytes.withUnsafeBytes { bytes in
            unsafe c_SSL_CTX_set_tlsext_ticket_keys(handle.pointer, bytes.baseAddress, bytes.count)
        }
        guard isSet == 1 else { throw .failed(.configure, .library) }
        // One a handshake, not OpenSSL's two: a unit polls over one connection at a time, and sealing costs.
        _ = unsafe SSL_CTX_set_num_tickets(handle.pointer, 1)
        // A list with none of ours ends the handshake with no_application_protocol (RFC 7301 section 3.2): that client
        // would send what could not be read here.
        unsafe SSL_CTX_set_alpn_select_cb(
            handle.pointer,
            { _, chosen, chosenCount, offered, offeredCount, _ in
                var name: UnsafeMutablePointer<UInt8>?
                let ours = ServerContext.protocols
                let verdict = unsafe SSL_select_next_proto(
                    &name,
                    chosenCount,
                    ours.utf8Start,
                    UInt32(ours.utf8CodeUnitCount),
                    offered,
                    offeredCount
                )
                guard verdict == OPENSSL_NPN_NEGOTIATED else { return SSL_TLSEXT_ERR_ALERT_FATAL }
                unsafe chosen?.pointee = UnsafePointer(name)
                return SSL_TLSEXT_ERR_OK
            },
            nil
        )
        return handle
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

    /// Keys from random bytes; nil unless there are `size` of them.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.size else { return nil }
        self.bytes = bytes
    }
}

extension TicketKeys: CustomStringConvertible {
    /// Nothing of the keys.
    package var description: String { "ticket keys" }
}
