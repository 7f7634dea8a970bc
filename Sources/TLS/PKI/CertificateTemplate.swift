/// What a certificate will say, as plain data; ``Credential`` mints from it.
package struct CertificateTemplate: Sendable {
    /// The subject's organization.
    package var organization: String
    /// The subject's common name, at most 64 characters (RFC 5280 appendix A.1).
    package var commonName: String
    /// The subject alternative names; empty leaves the extension out.
    package var names: [GeneralName]
    /// Where its issuer's list and OCSP answers are, as `host:port` of plain HTTP; nil where nobody can tell.
    package var publishedAt: String?
    /// From when until when it counts.
    package var validity: Validity
    /// What it may do as an authority; nil makes an end entity.
    package var authority: Authority?
    /// What its key may prove; empty leaves the extended key usage out, which permits everything.
    package var purposes: [Purpose]
    /// Which key is made for it.
    package var keyKind: KeyKind
    /// Which digest its issuer signs.
    package var digest: SignatureDigest

    /// What a certificate authority may sign.
    package struct Authority: Sendable {
        /// How many further authorities may stand between it and an end entity; nil sets no bound.
        package var pathLength: Int?
        /// The critical name constraints; empty leaves the extension out.
        package var permitted: [PermittedSubtree]
        /// Whether its key also signs handshakes, as no authority's should.
        package var signsHandshakes: Bool

        /// An authority with these bounds.
        package init(
            pathLength: Int? = nil,
            permitted: [PermittedSubtree] = [],
            signsHandshakes: Bool = false
        ) {
            self.pathLength = pathLength
            self.permitted = permitted
            self.signsHandshakes = signsHandshakes
        }
    }

    /// An extended key usage (RFC 5280 section 4.2.1.12), by OpenSSL's short name.
    package enum Purpose: String, CaseIterable, Sendable {
        /// A TLS server.
        case server = "serverAuth"
        /// A TLS client.
        case client = "clientAuth"
    }

    /// A template; without `authority` for an end entity with a P-256 key.
    package init(
        organization: String,
        commonName: String,
        names: [GeneralName] = [],
        publishedAt: String? = nil,
        validity: Validity,
        authority: Authority? = nil,
        purposes: [Purpose] = [],
        keyKind: KeyKind = .p256,
        digest: SignatureDigest = .sha256
    ) {
        self.organization = organization
        self.commonName = commonName
        self.names = names
        self.publishedAt = publishedAt
        self.validity = validity
        self.authority = authority
        self.purposes = purposes
        self.keyKind = keyKind
        self.digest = digest
    }

    /// The subject in RFC 2253 form; the lab's own names need no escaping.
    var subjectText: String { "CN=\(commonName),O=\(organization)" }
}
