import COpenSSL

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
            guard let buffer = try? TextBuffer() else { continue }
            _ = unsafe GENERAL_NAME_print(buffer.raw, c_sk_GENERAL_NAME_value(names, index))
            texts.append(String(decoding: buffer.takeBytes(), as: UTF8.self))
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
