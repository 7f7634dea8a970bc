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
