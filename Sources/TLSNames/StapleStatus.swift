/// What is stapled to a handshake about the server's certificate (RFC 6066 section 8).
package enum StapleStatus: String, CaseIterable, Sendable {
    /// That it counts.
    case good
    /// That it was taken back.
    case revoked
    /// That its issuer does not know it.
    case unknown
    /// That it counted, in an answer whose time is over.
    case stale
    /// Nothing, although it was asked for.
    case missing
    /// That it counts, signed with another key than its issuer's.
    case forged
}
