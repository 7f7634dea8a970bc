/// Certificates that are wrong, or odd, on purpose.
extension PKI {
    /// Mints a profile's certificates for all emulated hosts at once, with their chains and one new key; nothing is written.
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
