package import TLSNames

/// Certificates that are wrong, or odd, on purpose.
extension PKI {
    /// Mints a profile's certificates for all emulated hosts at once, with their chains and one new key; nothing is
    /// written.
    ///
    /// It makes keys, RSA ones too, so it belongs on a thread of the caller's. The host's clock and the lab's say
    /// `moments`, the earlier first, in Unix seconds: what counts does so at both, what is past ended before both, and
    /// what is to come begins after both. Throws where the root does not count at both.
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
    /// The authority that issued it.
    let issuer: Credential

    /// What an honest server staples to it.
    package var honestStaple: StapleStatus { revocation == nil ? .good : .revoked }

    /// Makes an answer in DER to staple to the handshake (RFC 6066 section 8), as ``PKI/staple(_:for:spanning:)`` does.
    package func staple(
        _ status: StapleStatus,
        spanning moments: ClosedRange<Int64>
    ) throws(PKIError) -> [UInt8]? {
        try status.staple(to: identity, by: issuer, revocation, spanning: moments)
    }
}

/// One profile on its way to certificates: who signs, with which key, and when they count.
struct ProfileMinting {
    /// The clocks' positions at which the profile shows what it says, and nothing else.
    let window: Validity
    private let differences: ProfileDifferences
    private let moments: ClosedRange<Int64>
    private let names: [GeneralName]
    private let issuer: ProfileIssuer?
    private let key: PrivateKey
    private let shownKey: [UInt8]

    /// Makes the issuer and the key; an RSA key takes a good fraction of a second.
    init(_ profile: CertificateProfile, of pki: PKI, spanning moments: ClosedRange<Int64>) throws(PKIError) {
        differences = profile.differences
        self.moments = moments
        names = pki.names
        let limits = try pki.root(spanning: moments).certificate.validity
        issuer = try pki.issuer(for: differences, spanning: moments)
        window = Validity(days: PKI.profileDays, spanning: moments).within(issuer?.limits ?? limits)
        key = try .generate(differences.key)
        switch differences.keyOf {
        case .itself: shownKey = try key.pem()
        case .another: shownKey = try PrivateKey.showing(key, signingWith: .generate(.p256)).pem()
        }
    }

    /// Whether how clients call the server makes another certificate.
    var mindsCalling: Bool { differences.names == .usual || differences.names == .many }

    /// Whether each common name makes another certificate.
    var followsNames: Bool { differences.names != .other }

    /// Makes the certificate of one common name, for clients that call the server in one way.
    func mint(_ commonName: String, calling: CertificateTemplate.Calling) throws(PKIError) -> MintedProfile {
        let template = CertificateTemplate.server(
            differences,
            commonName: commonName,
            names: names,
            calling: calling,
            validity: PKI.period(differences.validity, beside: window),
            publishedAt: issuer?.publishedAt
        )
        let leaf = try Certificate.signed(template, for: key, by: issuer?.authority)
        var sent = differences.intermediate == .missing ? [] : issuer?.chain ?? []
        if let issuer, differences.sendsRoot { sent.append(issuer.root) }
        if differences.order == .reversed { sent.reverse() }
        // Before both clocks, so that it has happened for everybody.
        let revoked = moments.lowerBound - 3600
        return MintedProfile(
            identity: Identity(chain: try leaf.pem() + sent.joined(), privateKey: shownKey),
            revocation: differences.isRevoked
                ? Revocation(of: try leaf.serial, by: .service, at: revoked, because: .keyCompromise) : nil,
            issuer: issuer?.authority ?? Credential(certificate: leaf, key: key)
        )
    }
}
