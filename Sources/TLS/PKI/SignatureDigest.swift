/// Which digest of a certificate its issuer signs.
package enum SignatureDigest: String, CaseIterable, Sendable {
    /// SHA-256.
    case sha256
    /// SHA-1, for which collisions are known (RFC 9155).
    case sha1
}
