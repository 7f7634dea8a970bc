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
}

/// One value for each authority.
struct ByAuthority<Value: Sendable>: Sendable {
    let root: Value
    let service: Value
    let device: Value

    subscript(authority: LabAuthority) -> Value {
        switch authority {
        case .root: root
        case .service: service
        case .device: device
        }
    }
}

extension ByAuthority {
    init(_ make: (LabAuthority) throws(PKIError) -> Value) throws(PKIError) {
        self.init(root: try make(.root), service: try make(.service), device: try make(.device))
    }
}

/// Who signs for one installation.
struct LabAuthorities: Sendable {
    let own: ByAuthority<Credential>
    /// The root of chains that are RSA throughout.
    let rsaRoot: Credential
    /// The authority that an inspecting middlebox re-signs with.
    let inspection: Credential
    /// What stands in the folder, and who issued it: numbers from before they were marked are known by this alone.
    let recorded: [CertificateSerial: LabAuthority]
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
        let issuer = try authority(.service, spanning: moment...moment)
        let template = CertificateTemplate.server(
            names: names,
            calling: calling,
            validity: Validity(days: CertificateTemplate.leafDays, from: moment)
                .within(try issuer.certificate.validity),
            publishedAt: publicationAddress
        )
        return try issuer.issue(template, for: .parse((calling == .byName ? named : server).privateKey))
            .identity(through: issuer.certificatePEM)
    }

    /// An authority below the root that counts from one moment to another.
    func authority(_ authority: LabAuthority, spanning moments: ClosedRange<Int64>) throws(PKIError) -> Credential {
        let root = try root(spanning: moments)
        let present = authorities.own[authority]
        let template = CertificateTemplate.intermediate(
            authority,
            under: try root.key.identifier,
            validity: Validity(days: CertificateTemplate.intermediateDays, spanning: moments)
                .within(try root.certificate.validity)
        )
        // The rule by which the folder's own are renewed, so that what is issued does not end in a moment.
        let stands = try present.certificate.validity
        if stands.contains(moments.lowerBound), !stands.isDue(at: moments.upperBound, comparedTo: template.validity) {
            return present
        }
        return try root.issue(template, for: present.key)
    }

    /// The root, where it counts from one moment to another.
    func root(spanning moments: ClosedRange<Int64>) throws(PKIError) -> Credential {
        let limits = try authorities.own.root.certificate.validity
        for moment in [moments.lowerBound, moments.upperBound] where !limits.contains(moment) {
            throw .outsideRoot(moment: moment, from: limits.notBefore, until: limits.notAfter)
        }
        return authorities.own.root
    }
}
