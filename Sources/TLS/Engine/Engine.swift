import COpenSSL

/// One TLS connection between a wire and whoever reads and writes plain bytes.
///
/// It owns no descriptor and never waits: each operation moves what can be moved and says what has to be waited for.
/// It belongs to one loop, like its wire. After an error only `shutdown`, which then does nothing, and the end of its
/// life are left.
@safe package struct Engine: ~Copyable {
    /// Where the bytes come from and go to; also knows the counts, the alerts and the end.
    package let wire: Wire
    let ssl: OpaquePointer
    var hasFailed = false
    /// What OpenSSL's callbacks point to, on connections with options.
    let variation: HandshakeVariation?

    /// Answers OpenSSL's callbacks on a server's connections.
    private let context: ServerContext?

    /// The server's end of a connection, which differs from the others of its context by `options`; nil costs nothing.
    ///
    /// Throws where what the options want can't be presented or offered.
    package init(server context: ServerContext, options: HandshakeOptions? = nil, wire: Wire) throws(TLSError) {
        let variation = options.map { HandshakeVariation($0, contextStaple: context.staple) }
        wire.filter = variation?.filter
        let handle = try unsafe options == nil ? context.handle.pointer : context.varying().handle.pointer
        let ssl = try unsafe Self.open(handle, wire)
        if let options, let variation {
            do throws(TLSError) {
                guard unsafe variation.attach(to: ssl) else { throw .failed(.open, .library) }
                unsafe try options.apply(to: ssl)
            } catch {
                unsafe SSL_free(ssl)
                throw error
            }
            if variation.filter != nil { unsafe Self.observe(ssl) }
        }
        unsafe SSL_set_accept_state(ssl)
        unsafe self.ssl = ssl
        self.wire = wire
        self.variation = variation
        self.context = context
    }

    /// The client's end of a connection.
    ///
    /// A server's name is asked for and verified; an address is only verified (RFC 6066 section 3 keeps addresses out
    /// of the extension).
    package init(client context: ClientContext, serverName: String, wire: Wire) throws(TLSError) {
        let ssl = try unsafe Self.open(context.handle.pointer, wire)
        unsafe SSL_set_connect_state(ssl)
        guard unsafe Self.name(serverName, on: ssl) else {
            unsafe SSL_free(ssl)
            throw .failed(.open, .serverName)
        }
        unsafe self.ssl = ssl
        self.wire = wire
        variation = nil
        self.context = nil
    }

    deinit {
        // The BIO goes with the SSL and points to the wire, and callbacks to the others.
        withExtendedLifetime((wire, variation, context)) {
            unsafe SSL_free(ssl)
        }
    }

    private static func open(_ context: OpaquePointer, _ wire: Wire) throws(TLSError) -> OpaquePointer {
        ErrorQueue.clear()
        guard let ssl = unsafe SSL_new(context) else { throw .failed(.open, .library) }
        guard let bio = unsafe WireMethod.makeBIO(on: wire) else {
            unsafe SSL_free(ssl)
            throw .failed(.open, .library)
        }
        unsafe SSL_set_bio(ssl, bio, bio)
        _ = unsafe c_SSL_set_msg_callback_arg(ssl, Unmanaged.passUnretained(wire).toOpaque())
        return unsafe ssl
    }

    /// Shows the wire all records and messages instead of only the alerts.
    private static func observe(_ ssl: OpaquePointer) {
        unsafe SSL_set_msg_callback(ssl) { isWrite, _, type, bytes, count, ssl, argument in
            guard let argument = unsafe argument else { return }
            let wire = unsafe Unmanaged<Wire>.fromOpaque(argument).takeUnretainedValue()
            let seen = unsafe UnsafeRawBufferPointer(start: bytes, count: count)
            unsafe wire.observe(isWrite: isWrite == 1, type: type, bytes: seen, on: ssl)
        }
    }

    private static func name(_ serverName: String, on ssl: OpaquePointer) -> Bool {
        // OpenSSL takes an empty name for the wish to verify none, and ends a name at its first NUL.
        guard !serverName.isEmpty, !serverName.utf8.contains(0) else { return false }
        guard unsafe SSL_set1_host(ssl, serverName) == 1 else { return false }
        unsafe SSL_set_hostflags(ssl, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
        if let address = unsafe a2i_IPADDRESS(serverName) {
            unsafe ASN1_OCTET_STRING_free(address)
            return true
        }
        ErrorQueue.clear()
        return unsafe c_SSL_set_tlsext_host_name(ssl, serverName) == 1
    }
}

/// What the two ends of a connection agreed on.
package struct Negotiation: Sendable, Equatable {
    /// The version as OpenSSL writes it, for example `TLSv1.3`.
    package let version: String
    /// The cipher suite by its IANA name, for example `TLS_AES_256_GCM_SHA384`.
    package let cipherSuite: String
    /// The protocol chosen by ALPN, nil where the client offered none.
    package let applicationProtocol: String?
    /// Whether an earlier session was resumed, so that no certificate was shown.
    package let isResumed: Bool
}

extension Engine {
    /// What was agreed on; nil until the handshake is done.
    package var negotiation: Negotiation? {
        guard unsafe SSL_is_init_finished(ssl) == 1 else { return nil }
        return unsafe Negotiation(
            version: String(cString: SSL_get_version(ssl)),
            cipherSuite: SSL_CIPHER_standard_name(SSL_get_current_cipher(ssl)).map { unsafe String(cString: $0) } ?? "",
            applicationProtocol: applicationProtocol,
            isResumed: isResumed
        )
    }

    /// Whether an earlier session was resumed; false until the handshake is done.
    package var isResumed: Bool { unsafe SSL_session_reused(ssl) == 1 }

    private var applicationProtocol: String? {
        var name: UnsafePointer<UInt8>?
        var count: UInt32 = 0
        unsafe SSL_get0_alpn_selected(ssl, &name, &count)
        guard let name = unsafe name else { return nil }
        return unsafe String(decoding: UnsafeBufferPointer(start: name, count: Int(count)), as: UTF8.self)
    }
}
