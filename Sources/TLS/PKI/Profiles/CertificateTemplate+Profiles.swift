/// What certificate profiles are made of beside an installation's own certificates.
extension CertificateTemplate {
    /// A host that nobody asks for; `.test` belongs to nobody (RFC 6761) and lies within the root's constraints.
    static let otherHost = "another.test"

    /// A server's certificate as a profile wants it.
    ///
    /// - Parameters:
    ///   - differences: in what it differs from the installation's own.
    ///   - name: its common name, where the profile does not name another host.
    ///   - configured: the configured names.
    ///   - calling: how its clients call the server.
    ///   - validity: when it counts.
    ///   - publishedAt: where its issuer's list and OCSP answers are, if anywhere.
    /// - Returns: the template of a certificate for the profile's issuer to sign.
    static func profile(
        _ differences: ProfileDifferences,
        commonName name: String,
        names configured: [GeneralName],
        calling: Calling,
        validity: Validity,
        publishedAt: String?
    ) -> CertificateTemplate {
        CertificateTemplate(
            organization: labOrganization,
            commonName: differences.names == .other ? otherHost : name,
            names: names(differences.names, configured, calling),
            publishedAt: publishedAt,
            validity: validity,
            authority: differences.isAuthority ? Authority(pathLength: 0, signsHandshakes: true) : nil,
            purposes: [differences.purpose],
            keyKind: differences.key,
            digest: differences.signature
        )
    }

    private static func names(
        _ names: ProfileDifferences.Names,
        _ configured: [GeneralName],
        _ calling: Calling
    ) -> [GeneralName] {
        let usual = serverNames(configured, calling)
        switch names {
        case .usual: return usual
        case .other: return [.host(otherHost)]
        case .none: return []
        case .many:
            let missing = max(0, ProfileDifferences.many - usual.count)
            return usual + (0..<missing).map { .host("n\($0 + 1).test") }
        }
    }
}
