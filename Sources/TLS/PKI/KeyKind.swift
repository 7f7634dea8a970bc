/// Which key a certificate is minted for.
package enum KeyKind: Sendable {
    /// ECDSA on the curve P-256.
    case p256
    /// RSA with a modulus of 2048 bits, for clients without elliptic curves.
    case rsa2048
}
