@testable import TLS

/// What tests ask of certificates, and have made, one at a time.
extension PKI {
    /// One certificate of a profile, for clients that call the server in one way, with its chain and a new key.
    func mint(
        _ profile: CertificateProfile,
        spanning moments: ClosedRange<Int64>,
        commonName: String?,
        calling: CertificateTemplate.Calling = .byAddress
    ) throws(PKIError) -> MintedProfile {
        try ProfileMinting(profile, of: self, spanning: moments)
            .mint(commonName ?? CertificateTemplate.emulatedHosts[0], calling: calling)
    }
}

extension ProfileIdentities {
    /// The identity for a name that a client asked for, in lower case; nil for none.
    subscript(serverName: String?) -> MintedProfile {
        guard let serverName else { return unnamed }
        return byName[serverName] ?? standard
    }
}

extension CertificateProfile {
    /// Whether it cannot be presented at OpenSSL's security level 1 and above, but at 0 only.
    ///
    /// OpenSSL holds a server to its level as well: it takes no key of less than 80 bits' security from level 2 on, and
    /// no SHA-1 signature from level 1 on (SSL_CTX_set_security_level(3)).
    var isBelowSecurityLevel: Bool { differences.key == .rsa1024 || differences.signature == .sha1 }
}

extension Credential {
    /// A new key and a certificate that it signs itself.
    static func selfSigned(_ template: CertificateTemplate) throws(PKIError) -> Credential {
        let key = try PrivateKey.generate(template.keyKind)
        return try .selfSigned(template, by: key)
    }
}

extension CertificateSerial {
    /// The number of the first certificate in a PEM text.
    init(ofFirstIn pem: [UInt8]) throws(PKIError) {
        self = try Certificate.parse(pem).serial
    }
}
