/// An authority whose certificates this installation vouches for, and may revoke.
///
/// The inspection root is none: what a middlebox re-signs with it is not the lab's word.
package enum LabAuthority: String, CaseIterable, Sendable {
    /// The root, which issued the two others.
    case root
    /// The authority for server certificates.
    case service
    /// The authority for devices' client certificates.
    case device

    /// What its common name calls it.
    var title: String {
        switch self {
        case .root: "Root"
        case .service: "Service"
        case .device: "Device"
        }
    }

    /// The one purpose of what it signs; nil where it signs authorities.
    var purpose: CertificateTemplate.Purpose? {
        switch self {
        case .root: nil
        case .service: .server
        case .device: .client
        }
    }
}

/// The authorities of one installation with their keys, as plain text that any thread may hold.
///
/// OpenSSL's objects are made of it where one signs, and end there.
struct LabAuthorities: Sendable {
    /// The root: its certificate alone, and its key.
    let root: Identity
    /// The root of chains that are RSA throughout: its certificate alone, and its key.
    let rsaRoot: Identity
    /// The authority for servers: its certificate alone, and its key.
    let service: Identity
    /// The authority for devices: its certificate alone, and its key.
    let device: Identity
    /// What stands in the folder, and who issued it: numbers from before they were marked are known by this alone.
    let recorded: [CertificateSerial: LabAuthority]

    /// One of them, as text.
    func identity(of authority: LabAuthority) -> Identity {
        switch authority {
        case .root: root
        case .service: service
        case .device: device
        }
    }

    /// One of them, able to sign on this thread.
    func credential(of authority: LabAuthority) throws(PKIError) -> Credential {
        try Credential(identity(of: authority))
    }
}

/// Certificates for a moment that is not the host's present.
extension PKI {
    /// Mints a certificate for the server as it would stand at a moment: the same names, the same key.
    ///
    /// Nothing is written. Where the service authority does not count at the moment, or not for long, a sibling of it
    /// is minted first, with its name and key, so that its list of revoked certificates and its OCSP answers are the
    /// sibling's too. It takes a few signatures, so it belongs on a thread of the caller's.
    ///
    /// - Parameters:
    ///   - moment: Unix seconds.
    ///   - calling: how the clients call the server that it is for.
    /// - Returns: the chain, from an hour before the moment on (at most 397 days), without the root; and the key.
    /// - Throws: ``PKIError/outsideRoot(moment:from:until:)`` where the root itself does not count then.
    package func identity(
        at moment: Int64,
        calling: CertificateTemplate.Calling = .byAddress
    ) throws(PKIError) -> Identity {
        let present = calling == .byName ? named : server
        let issuer = try authority(.service, at: moment)
        let limits = try issuer.certificate.validity
        let template = CertificateTemplate.server(
            names: names,
            calling: calling,
            validity: Validity(days: CertificateTemplate.leafDays, from: moment).within(limits),
            publishedAt: publicationAddress
        )
        return try issuer.issue(template, for: PrivateKey.parse(present.privateKey.span))
            .identity(through: issuer.certificatePEM)
    }

    /// An authority below the root as it stands at a moment, able to sign.
    func authority(_ authority: LabAuthority, at moment: Int64) throws(PKIError) -> Credential {
        try self.authority(authority, spanning: moment...moment)
    }

    /// An authority below the root that counts from one moment to another, able to sign.
    func authority(
        _ authority: LabAuthority,
        spanning moments: ClosedRange<Int64>
    ) throws(PKIError) -> Credential {
        let root = try root(spanning: moments)
        guard let purpose = authority.purpose else { return root }
        let present = try authorities.credential(of: authority)
        let template = CertificateTemplate.intermediate(
            authority.title,
            for: purpose,
            under: try root.key.identifier,
            validity: Validity(days: CertificateTemplate.intermediateDays, spanning: moments)
                .within(try root.certificate.validity)
        )
        // The rule by which the folder's own are renewed, so that what is issued does not end in a moment.
        let stands = try present.certificate.validity
        if stands.contains(moments.lowerBound), !stands.isDue(at: moments.upperBound, comparedTo: template.validity) {
            return present
        }
        return try root.issue(template, for: PrivateKey.parse(authorities.identity(of: authority).privateKey.span))
    }

    /// The root, able to sign, where it counts from one moment to another.
    func root(spanning moments: ClosedRange<Int64>) throws(PKIError) -> Credential {
        let root = try authorities.credential(of: .root)
        let limits = try root.certificate.validity
        for moment in [moments.lowerBound, moments.upperBound] where !limits.contains(moment) {
            throw .outsideRoot(moment: moment, from: limits.notBefore, until: limits.notAfter)
        }
        return root
    }
}
