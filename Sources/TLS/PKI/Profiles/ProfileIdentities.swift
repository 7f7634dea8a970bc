/// What one profile presents: an identity for each name that clients ask for.
package struct ProfileIdentities: Sendable {
    /// For whoever asks for no name: with the server's addresses.
    package let unnamed: MintedProfile
    /// For whoever asks for a name that is none of the others; its common name is the first emulated host's.
    package let standard: MintedProfile
    /// For the other emulated hosts, each with its own common name; empty where the profile names another host.
    package let byName: [String: MintedProfile]
    /// The clocks' positions at which these are what the profile says, and nothing else: to be minted anew before a clock
    /// leaves them.
    package let validity: Validity

    /// What has to stand on the service authority's list, and in its OCSP answers, for the profile to be what it says.
    package var revocations: [Revocation] {
        ([unnamed, standard] + byName.values).compactMap(\.revocation)
    }
}
