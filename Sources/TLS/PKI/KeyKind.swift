/// Which key a certificate is minted for.
package enum KeyKind: String, CaseIterable, Sendable {
    /// ECDSA on the curve P-256.
    case p256 = "p-256"
    /// RSA with a modulus of 2048 bits, for clients without elliptic curves.
    case rsa2048 = "rsa-2048"
    /// RSA with a modulus of 1024 bits: 80 bits of security, which no client should take any more.
    case rsa1024 = "rsa-1024"
}
