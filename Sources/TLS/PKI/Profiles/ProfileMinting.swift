package import TLSNames

/// Certificates that are wrong, or odd, on purpose.
extension PKI {
    /// Mints a profile's certificates for all emulated hosts at once, with their chains and one new key; nothing is
    /// written.
    ///
    /// It makes keys, RSA ones too, so it belongs on a thread of the caller's.
    ///
    /// - Parameters:
    ///   - profile: what is wanted.
    ///   - moments: what the host's clock and the lab's say, the earlier first, in Unix seconds: what counts does so at
    ///     both, what is past ended before both, and what is to come begins after both.
    /// - Returns: the identities, and how long they are what they should be.
    /// - Throws: ``PKIError/outsideRoot(moment:from:until:)`` where the root does not count at both moments, or
    ///   ``PKIError/openSSL(operation:detail:)``.
    package func mint(
        _ profile: CertificateProfile,
        spanning moments: ClosedRange<Int64>
    ) throws(PKIError) -> ProfileIdentities {
        let minting = try ProfileMinting(profile, of: self, spanning: moments)
        let first = CertificateTemplate.emulatedHosts[0]
        let unnamed = try minting.mint(first, calling: .byAddress)
        let standard = minting.mindsCalling ? try minting.mint(first, calling: .byName) : unnamed
        var byName: [String: MintedProfile] = [:]
        for host in CertificateTemplate.emulatedHosts.dropFirst() where minting.followsNames {
            byName[host] = try minting.mint(host, calling: .byName)
        }
        return ProfileIdentities(unnamed: unnamed, standard: standard, byName: byName, validity: minting.window)
    }
}

/// What one profile presents: an identity for each name that clients ask for.
package struct ProfileIdentities: Sendable {
    /// For whoever asks for no name: with the server's addresses.
    package let unnamed: MintedProfile
    /// For whoever asks for a name that is none of the others; its common name is the first emulated host's.
    package let standard: MintedProfile
    /// For the other emulated hosts, each with its own common name; empty where the profile names another host.
    package let byName: [String: MintedProfile]
    /// The clocks' positions at which these are what the profile says, and nothing else: to be minted anew before a
    /// clock leaves them.
    package let validity: Validity

    /// What has to stand on the service authority's list, and in its OCSP answers, for the profile to be what it says.
    package var revocations: [Revocation] {
        ([unnamed, standard] + byName.values).compactMap(\.revocation)
    }
}

/// One certificate of a profile with its chain and key, and the means to staple an answer about it.
package struct MintedProfile: Sendable {
    /// What the server presents.
    package let identity: Identity
    /// How it was taken back; nil where it was not.
    package let revocation: Revocation?
    /// The authority that issued it: its certificate and its key, never logged.
    let issuer: Identity

    /// What an honest server staples to it.
    package var honestStaple: StapleStatus { revocation == nil ? .good : .revoked }

    /// Makes an answer to staple to the handshake (RFC 6066 section 8).
    ///
    /// It reads a key and signs, so it belongs on a thread of the caller's.
    ///
    /// - Parameters:
    ///   - status: what the answer says, or what is wrong with it.
    ///   - moments: what the host's clock and the lab's say, the earlier first, in Unix seconds: the answer counts at
    ///     both, until a day after the later one.
    /// - Returns: the response in DER; nil for a missing one.
    /// - Throws: ``PKIError/openSSL(operation:detail:)``.
    package func staple(
        _ status: StapleStatus,
        spanning moments: ClosedRange<Int64>
    ) throws(PKIError) -> [UInt8]? {
        try status.staple(to: identity, by: Credential(issuer), revocation, spanning: moments)
    }
}

/// One profile on its way to certificates: who signs, with which key, and when they count.
struct ProfileMinting: ~Copyable {
    /// The clocks' positions at which the profile shows what it says, and nothing else.
    let window: Validity
    private let differences: ProfileDifferences
    private let moments: ClosedRange<Int64>
    private let names: [GeneralName]
    private let issuer: ProfileIssuer?
    private let key: PrivateKey
    private let shownKey: [UInt8]

    /// Makes the issuer and the key; an RSA key takes a good fraction of a second.
    init(
        _ profile: CertificateProfile,
        of pki: PKI,
        spanning moments: ClosedRange<Int64>
    ) throws(PKIError) {
        let wanted = profile.differences
        let limits = try pki.root(spanning: moments).certificate.validity
        let issuer = try pki.issuer(for: wanted, spanning: moments)
        let key = try PrivateKey.generate(wanted.key)
        switch wanted.keyOf {
        case .itself: shownKey = try key.pem()
        case .another: shownKey = try PrivateKey.showing(key, signingWith: .generate(.p256)).pem()
        }
        differences = wanted
        self.moments = moments
        names = pki.names
        window = PKI.window(moments).within(issuer?.limits ?? limits)
        self.issuer = issuer
        self.key = key
    }

    /// Whether how clients call the server makes another certificate.
    var mindsCalling: Bool { differences.names == .usual || differences.names == .many }

    /// Whether each common name makes another certificate.
    var followsNames: Bool { differences.names != .other }

    /// Makes the certificate of one common name, for clients that call the server in one way.
    borrowing func mint(
        _ commonName: String,
        calling: CertificateTemplate.Calling
    ) throws(PKIError) -> MintedProfile {
        let template = CertificateTemplate.profile(
            differences,
            commonName: commonName,
            names: names,
            calling: calling,
            validity: PKI.period(differences.validity, beside: window),
            publishedAt: issuer?.publishedAt
        )
        guard let issuer else {
            let leaf = try Certificate.selfSigned(template, by: key)
            let identity = Identity(chain: try leaf.pem(), privateKey: shownKey)
            return MintedProfile(
                identity: identity,
                revocation: nil,
                issuer: Identity(chain: identity.chain, privateKey: try key.pem())
            )
        }
        let above = try Credential(issuer.identity)
        let leaf = try Certificate.issued(template, for: key, by: above.certificate, with: above.key)
        var sent = differences.intermediate == .missing ? [] : issuer.chain
        if differences.sendsRoot { sent.append(issuer.root) }
        if differences.order == .reversed { sent.reverse() }
        return MintedProfile(
            identity: Identity(chain: try leaf.pem() + sent.joined(), privateKey: shownKey),
            revocation: differences.isRevoked ? try revocation(of: leaf) : nil,
            issuer: issuer.identity
        )
    }

    /// Before both clocks, so that it has happened for everybody.
    private borrowing func revocation(of leaf: borrowing Certificate) throws(PKIError) -> Revocation {
        Revocation(of: try leaf.serial, by: .service, at: moments.lowerBound - 3600, because: .keyCompromise)
    }
}

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
