import COpenSSL

/// What a certificate will say, as plain data; ``Credential`` mints from it.
package struct CertificateTemplate: Sendable {
    /// The subject's common name, at most 64 characters (RFC 5280 appendix A.1).
    var commonName: String
    /// The subject alternative names; empty leaves the extension out.
    var names: [GeneralName] = []
    /// Where its issuer's list and OCSP answers are, as `host:port` of plain HTTP; nil where nobody can tell.
    var publishedAt: String?
    /// From when until when it counts.
    var validity: Validity
    /// What it may do as an authority; nil makes an end entity.
    var authority: Authority?
    /// What its key may prove; empty leaves the extended key usage out, which permits everything.
    var purposes: [Purpose] = []
    /// Which key is made for it.
    var keyKind = KeyKind.p256
    /// Which digest its issuer signs.
    var digest = SignatureDigest.sha256

    /// The subject's organization, the same in all, so that nobody takes one for a vendor's.
    let organization = "FauxGuard LAB"

    /// What a certificate authority may sign.
    struct Authority {
        /// How many further authorities may stand between it and an end entity; nil sets no bound.
        var pathLength: Int?
        /// The critical name constraints, in OpenSSL's syntax; empty leaves the extension out.
        var permitted: [String] = []
        /// Whether its key also signs handshakes, as no authority's should.
        var signsHandshakes = false
    }

    /// An extended key usage (RFC 5280 section 4.2.1.12), by OpenSSL's short name.
    package enum Purpose: String, CaseIterable, Sendable {
        /// A TLS server.
        case server = "serverAuth"
        /// A TLS client.
        case client = "clientAuth"
    }

    /// The subject in RFC 2253 form; the lab's own names need no escaping.
    var subjectText: String { "CN=\(commonName),O=\(organization)" }
}

/// Which key a certificate is minted for.
package enum KeyKind: String, CaseIterable, Sendable {
    /// ECDSA on the curve P-256.
    case p256 = "p-256"
    /// RSA with a modulus of 2048 bits, for clients without elliptic curves.
    case rsa2048 = "rsa-2048"
    /// RSA with a modulus of 1024 bits: 80 bits of security, which no client should take any more.
    case rsa1024 = "rsa-1024"
}

/// Which digest of a certificate its issuer signs.
package enum SignatureDigest: String, CaseIterable, Sendable {
    /// SHA-256.
    case sha256
    /// SHA-1, for which collisions are known (RFC 9155).
    case sha1
}

/// One certificate extension in OpenSSL's own text syntax (its manual page x509v3_config).
struct ExtensionText {
    /// OpenSSL's number of the extension.
    var identifier: CInt
    /// The value, led by `critical,` where it is.
    var value: String
}

extension CertificateTemplate {
    /// The extensions that do not depend on the issuer.
    var extensions: [ExtensionText] {
        let constraints = Self.list(authority?.permitted.map { "permitted;\($0)" } ?? []).map { "critical,\($0)" }
        let texts: [(CInt, String?)] = [
            (NID_basic_constraints, basicConstraints),
            (NID_key_usage, keyUsage),
            (NID_ext_key_usage, Self.list(purposes.map(\.rawValue))),
            (NID_subject_alt_name, Self.list(names.map(\.extensionText))),
            (NID_crl_distribution_points, publishedAt.map { "URI:http://\($0)/service.crl" }),
            (NID_info_access, publishedAt.map { "OCSP;URI:http://\($0)/ocsp" }),
            (NID_name_constraints, constraints),
        ]
        return texts.compactMap { identifier, value in value.map { ExtensionText(identifier: identifier, value: $0) } }
    }

    /// The entries of an extension, which is left out without any.
    private static func list(_ entries: [String]) -> String? {
        entries.isEmpty ? nil : entries.joined(separator: ",")
    }

    private var basicConstraints: String {
        guard let authority else { return "critical,CA:FALSE" }
        return "critical,CA:TRUE" + (authority.pathLength.map { ",pathlen:\($0)" } ?? "")
    }

    private var keyUsage: String {
        if let authority {
            return "critical,\(authority.signsHandshakes ? "digitalSignature," : "")keyCertSign,cRLSign"
        }
        // TLS 1.2 without forward secrecy encrypts its secret with an RSA key.
        return keyKind == .p256 ? "critical,digitalSignature" : "critical,digitalSignature,keyEncipherment"
    }
}
