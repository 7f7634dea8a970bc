import COpenSSL

/// That a server asks its clients for a certificate, and by whom it has to be signed.
///
/// Any loop may use it at the same time as others. A certificate that leads to none of the anchors ends the handshake
/// (unknown_ca and so on), and so does none at all where one is required: with certificate_required in TLS 1.3 and
/// handshake_failure before. In TLS 1.3 a client learns of that only after its own handshake is over.
@safe package final class ClientCertificateRequest: Sendable {
    /// Whether a client without a certificate is refused.
    package let isRequired: Bool

    // OpenSSL counts references to it and locks it where it reads; nothing is added after `init`.
    private nonisolated(unsafe) let store: OpaquePointer
    private let anchors: [Certificate]

    /// A request for certificates of these authorities, at least one in PEM; their names are sent for the client to
    /// choose by.
    package init(isRequired: Bool, trustAnchors: [UInt8]) throws(TLSError) {
        let anchors = try PEMReader.certificates(trustAnchors) { _ in .unreadableTrustAnchors }
        guard let store = unsafe X509_STORE_new() else { throw .failed(.configure, .library) }
        for anchor in anchors {
            guard unsafe X509_STORE_add_cert(store, anchor.raw) == 1 else {
                unsafe X509_STORE_free(store)
                throw .failed(.configure, .unreadableTrustAnchors)
            }
        }
        self.isRequired = isRequired
        unsafe self.store = store
        self.anchors = anchors
    }

    deinit {
        unsafe X509_STORE_free(store)
    }

    /// Sessions of connections that ask are resumed by connections that ask, and by no others: a ticket from elsewhere
    /// would be a way around the request.
    private static let sessionContext = Array("client certificate".utf8)

    /// Asks on one connection, for a certificate that counts at that moment (Unix seconds), nil being the present.
    func apply(to ssl: OpaquePointer, at moment: Int64?) throws(TLSError) {
        let mode = SSL_VERIFY_PEER | (isRequired ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0)
        unsafe SSL_set_verify(ssl, mode, nil)
        let context = Self.sessionContext
        var isSet = unsafe c_SSL_set1_verify_cert_store(ssl, store) == 1
        isSet = unsafe SSL_set_session_id_context(ssl, context, UInt32(context.count)) == 1 && isSet
        for anchor in anchors { isSet = unsafe SSL_add_client_CA(ssl, anchor.raw) == 1 && isSet }
        guard isSet else { throw .failed(.open, .library) }
        if let moment { unsafe X509_VERIFY_PARAM_set_time(SSL_get0_param(ssl), time_t(moment)) }
    }
}

/// What a peer's certificate says of the peer.
package struct PeerCertificate: Sendable, Equatable {
    /// The subject's first common name; nil where there is none.
    package let commonName: String?
    /// The subject alternative names as OpenSSL prints them, for example `DNS:localhost` or `IP Address:127.0.0.1`.
    ///
    /// Characters that can't be printed are dots.
    package let alternativeNames: [String]
    /// The SHA-256 of the whole certificate in DER, 64 lower-case hex digits.
    package let fingerprint: String

    /// Reads a certificate that is only lent; nil for want of memory.
    init?(_ certificate: OpaquePointer) {
        _ = unsafe X509_up_ref(certificate)
        let owned = unsafe Certificate(adopting: certificate)
        guard let fingerprint = try? owned.fingerprint else { return nil }
        self.fingerprint = fingerprint
        commonName = unsafe Self.commonName(of: certificate)
        alternativeNames = unsafe Self.alternativeNames(of: certificate)
    }

    private static func commonName(of certificate: OpaquePointer) -> String? {
        let subject = unsafe X509_get_subject_name(certificate)
        let place = unsafe X509_NAME_get_index_by_NID(subject, NID_commonName, -1)
        guard place >= 0 else { return nil }
        var text: UnsafeMutablePointer<UInt8>?
        let data = unsafe X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, place))
        let count = unsafe ASN1_STRING_to_UTF8(&text, data)
        defer { unsafe c_OPENSSL_free(text) }
        guard count >= 0, let text = unsafe text else { return nil }
        return unsafe String(decoding: UnsafeBufferPointer(start: text, count: Int(count)), as: UTF8.self)
    }

    private static func alternativeNames(of certificate: OpaquePointer) -> [String] {
        guard let value = unsafe X509_get_ext_d2i(certificate, NID_subject_alt_name, nil, nil) else { return [] }
        let names = OpaquePointer(value)
        defer { unsafe GENERAL_NAMES_free(names) }
        var texts: [String] = []
        for index in 0..<(unsafe c_sk_GENERAL_NAME_num(names)) {
            let text = unsafe try? PKIError.text("GENERAL_NAME_print") {
                unsafe GENERAL_NAME_print($0, c_sk_GENERAL_NAME_value(names, index)) == 1
            }
            if let text { texts.append(String(decoding: text, as: UTF8.self)) }
        }
        return texts
    }
}

extension Engine {
    /// What the peer's certificate says, after the handshake; nil where the peer has shown none.
    ///
    /// A resumed session's is that of the handshake which it goes back to.
    package var peerCertificate: PeerCertificate? {
        guard let certificate = unsafe SSL_get0_peer_certificate(ssl) else { return nil }
        return unsafe PeerCertificate(certificate)
    }
}
