import COpenSSL
package import TLSNames

/// What one connection's handshake does differently from the others of its context.
///
/// All loops may share a value. What is left alone is as the context has it.
package struct HandshakeOptions: Sendable {
    /// What a client that asks for an OCSP response gets.
    package enum Staple: Sendable, Equatable {
        /// That of the identity which is presented, ours or the context's; none where it has none.
        case ofIdentity
        /// None.
        case none
        /// These bytes, whatever they say.
        case bytes([UInt8])
    }

    /// What to present; nil for the context's identity.
    ///
    /// It takes the security level to 0, as `cipherSuites`, `groups` and a version below 1.2 do: what was asked for is
    /// what shall be seen.
    package var identity: PresentedIdentity?
    /// The versions on offer; nil for 1.2 and 1.3.
    package var versions: ClosedRange<ProtocolVersion>?
    /// The cipher suites on offer; nil for OpenSSL's own choice.
    package var cipherSuites: CipherList?
    /// The groups on offer; nil for OpenSSL's own choice.
    package var groups: GroupList?
    /// The OCSP response for clients that ask for one.
    package var staple = Staple.ofIdentity
    /// Whether and how to ask for a certificate; nil asks for none.
    package var clientCertificate: ClientCertificateRequest?
    /// When a client's certificate has to count, Unix seconds; nil for the host's present.
    package var moment: Int64?
    /// Whether a session ticket resumes its session; otherwise it is ignored and the handshake is a full one, at whose
    /// end the client gets a new ticket.
    package var acceptsTickets = true
    /// What happens to the records that leave; nil for nothing.
    package var records: RecordPlan?

    /// Options that change nothing.
    package init() {}

    /// Puts on a connection whatever it can be told beforehand.
    func apply(to ssl: OpaquePointer) throws(TLSError) {
        let range = versions ?? ServerContext.versions
        if identity != nil || cipherSuites != nil || groups != nil || range.lowerBound < .tls12 {
            unsafe SSL_set_security_level(ssl, 0)
        }
        if versions != nil {
            _ = unsafe c_SSL_set_min_proto_version(ssl, CInt(range.lowerBound.rawValue))
            _ = unsafe c_SSL_set_max_proto_version(ssl, CInt(range.upperBound.rawValue))
        }
        unsafe try identity?.present(on: ssl)
        unsafe try cipherSuites?.apply(to: ssl, within: range)
        unsafe try groups?.apply(to: ssl)
        unsafe try clientCertificate?.apply(to: ssl, at: moment)
    }
}

/// What OpenSSL's callbacks have to know of one connection with options.
///
/// The engine keeps it, and the `SSL` points to it without a reference of its own.
final class HandshakeVariation {
    /// The OCSP response for a client that asks, nil for none.
    let staple: [UInt8]?
    /// Whether a ticket resumes its session.
    let acceptsTickets: Bool
    /// What is done to records, nil for nothing.
    let filter: RecordFilter?

    init(_ options: HandshakeOptions, contextStaple: [UInt8]?) {
        staple =
            switch options.staple {
            case .ofIdentity: if let identity = options.identity { identity.staple } else { contextStaple }
            case .none: nil
            case .bytes(let bytes): bytes
            }
        acceptsTickets = options.acceptsTickets
        filter = options.records.flatMap { $0.isEmpty ? nil : RecordFilter($0) }
    }

    /// Lets the callbacks find it; false for want of memory.
    func attach(to ssl: OpaquePointer) -> Bool {
        unsafe SSL_set_ex_data(ssl, Self.index, Unmanaged.passUnretained(self).toOpaque()) == 1
    }

    /// That of a connection with options, nil for any other.
    static func of(_ ssl: OpaquePointer?) -> HandshakeVariation? {
        guard let data = unsafe SSL_get_ex_data(ssl, index) else { return nil }
        return unsafe Unmanaged<HandshakeVariation>.fromOpaque(data).takeUnretainedValue()
    }

    /// The place that OpenSSL keeps for the application (`SSL_set_app_data`).
    private static let index: CInt = 0
}

/// What a server's connections with options have in common: an ordinary context's setup, and callbacks.
///
/// It is made with the first such connection, so that the others are asked nothing. Sessions of one context are resumed
/// by the other, since they share keys.
final class VaryingContext {
    let handle: ContextHandle

    /// Adds the callbacks to an ordinary context.
    init(handle: consuming ContextHandle) {
        self.handle = handle
        _ = unsafe c_SSL_CTX_set_tlsext_status_cb(self.handle.pointer) { ssl, _ in
            unsafe ServerContext.staple(HandshakeVariation.of(ssl)?.staple, to: ssl)
        }
        // Tickets are made without a word from here; the first function has only to be there.
        _ = unsafe SSL_CTX_set_session_ticket_cb(
            self.handle.pointer,
            { _, _ in 1 },
            { ssl, _, _, _, status, _ in unsafe VaryingContext.ruling(on: status, HandshakeVariation.of(ssl)) },
            nil
        )
        unsafe SSL_CTX_set_keylog_callback(self.handle.pointer) { ssl, line in
            guard let filter = unsafe HandshakeVariation.of(ssl)?.filter, let line = unsafe line else { return }
            let suite = unsafe SSL_CIPHER_get_protocol_id(SSL_get_pending_cipher(ssl))
            filter.noteSecret(unsafe String(cString: line), suite: suite)
        }
    }

    /// What to do with a ticket; without a reason against it, what OpenSSL does by itself.
    private static func ruling(on status: CInt, _ variation: HandshakeVariation?) -> CInt {
        guard variation?.acceptsTickets != false else { return SSL_TICKET_RETURN_IGNORE_RENEW }
        return switch status {
        case SSL_TICKET_SUCCESS: SSL_TICKET_RETURN_USE
        case SSL_TICKET_SUCCESS_RENEW: SSL_TICKET_RETURN_USE_RENEW
        default: SSL_TICKET_RETURN_IGNORE_RENEW
        }
    }
}
