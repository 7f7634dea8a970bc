package import TLSNames

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
    ///   - moments: what the host's clock and the lab's say, the earlier first, in Unix seconds: the answer counts at both,
    ///     until a day after the later one.
    /// - Returns: the response in DER; nil for a missing one.
    /// - Throws: ``PKIError/openSSL(operation:detail:)``.
    package func staple(
        _ status: StapleStatus,
        spanning moments: ClosedRange<Int64>
    ) throws(PKIError) -> [UInt8]? {
        try status.staple(to: identity, by: Credential(issuer), revocation, spanning: moments)
    }
}
