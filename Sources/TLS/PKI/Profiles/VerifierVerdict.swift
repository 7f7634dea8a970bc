/// What OpenSSL's verifier reports of a profile's chain, at security level 2 (X509_V_ERR_… in `openssl/x509_vfy.h`).
package struct VerifierVerdict: Sendable, Equatable {
    /// The numbers of all errors that a verifier reports which goes on after each; empty where it finds none.
    package let codes: [Int32]
    /// At which certificate they are found: 0 is the server's own, 1 its issuer's.
    package let depth: Int32
}

extension VerifierVerdict: Decodable {
    private enum Keys: String, CodingKey, CaseIterable {
        case codes, depth
    }

    /// Reads `codes` and, where it is not 0, `depth`.
    package init(from decoder: any Decoder) throws {
        let mapping = try decoder.mapping(of: Keys.self)
        codes = try mapping.decode([Int32].self, forKey: .codes)
        depth = try mapping.decodeIfPresent(Int32.self, forKey: .depth) ?? 0
    }
}
