import COpenSSL
import Notation
import TLSNames

/// The cipher suites that a connection offers, all of them known.
///
/// Which are offered is decided here; which of them is chosen is left to OpenSSL's order and the client's. A version
/// that none of them belongs to has no suite: a list without TLS 1.3's ends at TLS 1.2 where that is allowed.
package struct CipherList: Sendable, Equatable {
    /// Those of TLS 1.3 by OpenSSL's names with colons between them, empty for none.
    let suites: String
    /// Those of older versions in the same way.
    let olderSuites: String

    /// Looks up names, OpenSSL's or IANA's, such as `ECDHE-RSA-AES128-GCM-SHA256` or `TLS_AES_128_GCM_SHA256`; throws
    /// for an unknown one, and for none.
    package init(_ names: [String]) throws(TLSError) {
        guard !names.isEmpty else { throw TLSError(.configure, .nothingListed) }
        var current: [String] = []
        var older: [String] = []
        for name in names {
            guard let suite = Suite.byName[name] else { throw TLSError(.configure, .unknownCipherSuite(name)) }
            if suite.isCurrent { current.append(suite.name) } else { older.append(suite.name) }
        }
        suites = current.joined(separator: ":")
        olderSuites = older.joined(separator: ":")
    }

    /// Every name that ``init(_:)`` knows, in alphabetical order.
    package static var knownNames: [String] { Suite.byName.keys.sorted() }

    /// Offers the list, and ends the versions where it ends.
    func apply(to ssl: OpaquePointer, within versions: ClosedRange<ProtocolVersion>) throws(TLSError) {
        guard unsafe SSL_set_ciphersuites(ssl, suites) == 1 else { throw .failed(.open, .library) }
        // With nothing of an older version OpenSSL does as it is told and reports that as an error. The word stands
        // for no suite; an empty list would leave the default.
        let isSet = unsafe SSL_set_cipher_list(ssl, olderSuites.isEmpty ? "-ALL" : olderSuites) == 1
        guard isSet || olderSuites.isEmpty else { throw .failed(.open, .library) }
        ErrorQueue.clear()
        if suites.isEmpty, versions.lowerBound < .tls13, versions.upperBound == .tls13 {
            _ = unsafe c_SSL_set_max_proto_version(ssl, CInt(ProtocolVersion.tls12.rawValue))
        }
        // Without it no suite with ephemeral Diffie-Hellman in a finite field could be chosen.
        _ = unsafe c_SSL_set_dh_auto(ssl, 1)
    }
}

/// A cipher suite that this OpenSSL has.
private struct Suite {
    /// OpenSSL's name.
    let name: String
    /// Whether it is one of TLS 1.3.
    let isCurrent: Bool

    /// All suites by OpenSSL's and by IANA's names.
    static let byName: [String: Suite] = {
        guard let context = unsafe SSL_CTX_new(TLS_method()) else { return [:] }
        defer { unsafe SSL_CTX_free(context) }
        // Those that OpenSSL offers only when asked: without encryption, and with CCM in TLS 1.3.
        let everything = "ALL:COMPLEMENTOFALL"
        let current =
            "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256"
            + ":TLS_AES_128_CCM_SHA256:TLS_AES_128_CCM_8_SHA256"
        _ = unsafe SSL_CTX_set_cipher_list(context, everything)
        _ = unsafe SSL_CTX_set_ciphersuites(context, current)
        ErrorQueue.clear()
        let list = unsafe SSL_CTX_get_ciphers(context)
        var found: [String: Suite] = [:]
        for index in 0..<(unsafe c_sk_SSL_CIPHER_num(list)) {
            let cipher = unsafe c_sk_SSL_CIPHER_value(list, index)
            guard let text = unsafe SSL_CIPHER_get_name(cipher) else { continue }
            let name = unsafe String(cString: text)
            // TLS 1.3's numbers are 0x13__, and no others (RFC 8446 section B.4).
            let suite = unsafe Suite(name: name, isCurrent: SSL_CIPHER_get_protocol_id(cipher) >> 8 == 0x13)
            found[name] = suite
            if let standard = unsafe SSL_CIPHER_standard_name(cipher) {
                unsafe found[String(cString: standard)] = suite
            }
        }
        return found
    }()
}

/// The groups for key exchange that a connection accepts, all of them known.
package struct GroupList: Sendable, Equatable {
    /// The names with colons between them, as OpenSSL takes them.
    let names: String

    /// Looks up names, OpenSSL's or IANA's in any case, such as `P-256`, `secp384r1`, `X25519` or `ffdhe2048`.
    ///
    /// A group that is named twice counts once. Throws for an unknown name, and for none.
    package init(_ names: [String]) throws(TLSError) {
        guard !names.isEmpty else { throw TLSError(.configure, .nothingListed) }
        ErrorQueue.clear()
        guard let context = unsafe SSL_CTX_new(TLS_method()) else { throw .failed(.configure, .library) }
        defer { unsafe SSL_CTX_free(context) }
        var known: [String] = []
        for name in names {
            // Other characters are the list's syntax.
            guard !name.isEmpty, name.isASCIIAlphanumeric(or: "-_"),
                unsafe c_SSL_CTX_set1_groups_list(context, name) == 1
            else { throw .failed(.configure, .unknownGroup(name)) }
            // OpenSSL takes no list that names a group twice.
            let longer = (known + [name]).joined(separator: ":")
            if unsafe c_SSL_CTX_set1_groups_list(context, longer) == 1 { known.append(name) }
        }
        ErrorQueue.clear()
        self.names = known.joined(separator: ":")
    }

    /// The names of groups that clients offer (RFC 8446 section 4.2.7), as far as this OpenSSL knows them.
    package static let knownNames = [
        "P-256", "P-384", "P-521", "X25519", "X448", "brainpoolP256r1", "brainpoolP384r1", "brainpoolP512r1",
        "ffdhe2048", "ffdhe3072", "ffdhe4096", "ffdhe6144", "ffdhe8192", "prime256v1", "secp256r1", "secp384r1",
        "secp521r1",
    ]
    .filter { (try? GroupList([$0])) != nil }

    /// Accepts these groups on one connection.
    func apply(to ssl: OpaquePointer) throws(TLSError) {
        guard unsafe c_SSL_set1_groups_list(ssl, names) == 1 else { throw .failed(.open, .library) }
    }
}
