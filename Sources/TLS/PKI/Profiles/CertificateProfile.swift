import TLSNames

/// A server certificate with its chain that tests ask for by name, told by what it differs in from an ordinary one.
///
/// `Certs/profiles.yaml` declares all of them, and nothing else knows their names.
package struct CertificateProfile: Sendable, Equatable {
    /// What rules call it: 1 to 64 of `a-z`, `0-9` and `-`.
    package let name: String
    /// What is expected of a client.
    package let kind: ProfileClass
    /// What a client sees, in one sentence.
    package let summary: String
    /// In what it differs.
    package let differences: ProfileDifferences
    /// What OpenSSL's verifier reports.
    package let verifier: VerifierVerdict
    /// The alert that clients typically send, by its name in RFC 8446 section 6; nil where there is none, or many.
    package let alert: String?
}

extension CertificateProfile: Decodable {
    private enum Keys: String, CodingKey, CaseIterable {
        case name, `class`, summary, differs, verifier, alert
    }

    /// Reads one entry of the file.
    ///
    /// Throws where a key is unknown or missing, a word is none of those allowed, or the parts contradict each other.
    package init(from decoder: any Decoder) throws {
        let mapping = try decoder.mapping(of: Keys.self)
        name = try mapping.decode(String.self, forKey: .name)
        kind = try mapping.word(.class)
        summary = try mapping.decode(String.self, forKey: .summary)
        differences = try mapping.decodeIfPresent(ProfileDifferences.self, forKey: .differs) ?? ProfileDifferences()
        verifier =
            try mapping.decodeIfPresent(VerifierVerdict.self, forKey: .verifier)
            ?? VerifierVerdict(codes: [], depth: 0)
        alert = try mapping.decodeIfPresent(String.self, forKey: .alert)
        if let (key, reason) = contradiction {
            throw DecodingError.dataCorruptedError(forKey: key, in: mapping, debugDescription: reason)
        }
    }

    private var contradiction: (Keys, String)? {
        guard (1...64).contains(name.utf8.count), name.utf8.allSatisfy(Self.isOfNames) else {
            return (.name, "\"\(name)\" is no name: 1 to 64 of a-z, 0-9 and -")
        }
        if let alert, AlertCode(name: alert)?.isNamed != true { return (.alert, "\"\(alert)\" is no alert's name") }
        if kind == .good, !verifier.codes.isEmpty { return (.verifier, "a good one has no codes") }
        return nil
    }

    private static func isOfNames(_ byte: UInt8) -> Bool {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
            || byte == UInt8(ascii: "-")
    }
}
