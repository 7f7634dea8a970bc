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
