import Notation
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
        guard (1...64).contains(name.utf8.count),
            name.utf8.allSatisfy({ $0.isASCIILowercase || $0.isASCIIDigit || $0 == UInt8(ascii: "-") })
        else {
            return (.name, "\"\(name)\" is no name: 1 to 64 of a-z, 0-9 and -")
        }
        if let alert, AlertCode(name: alert)?.isNamed != true { return (.alert, "\"\(alert)\" is no alert's name") }
        if kind == .good, !verifier.codes.isEmpty { return (.verifier, "a good one has no codes") }
        return nil
    }
}

/// What a certificate profile expects of a client.
package enum ProfileClass: String, CaseIterable, Sendable {
    /// Every client should accept it.
    case good
    /// A correct client refuses it, where it can judge it.
    case defect
    /// Odd, and accepted by many: to see which clients do.
    case tolerated
}

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

/// A key of a mapping, whatever it is called.
private struct MappingKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }

    init?(intValue: Int) { nil }
}

extension Decoder {
    /// A mapping in which a key that nobody knows is an error.
    func mapping<Key: CodingKey & CaseIterable>(of: Key.Type) throws -> KeyedDecodingContainer<Key> {
        for key in try container(keyedBy: MappingKey.self).allKeys where Key(stringValue: key.stringValue) == nil {
            let known = Key.allCases.map(\.stringValue).joined(separator: ", ")
            throw DecodingError.dataCorrupted(
                DecodingError.Context(
                    codingPath: codingPath + [key],
                    debugDescription: "no such key: known are \(known)"
                )
            )
        }
        return try container(keyedBy: Key.self)
    }
}

extension KeyedDecodingContainer {
    /// One of a few words, or `standard` where the key is missing.
    func word<Word: RawRepresentable & CaseIterable>(
        _ key: Key,
        else standard: Word
    ) throws -> Word where Word.RawValue == String {
        guard contains(key) else { return standard }
        return try word(key)
    }

    /// One of a few words.
    func word<Word: RawRepresentable & CaseIterable>(_ key: Key) throws -> Word where Word.RawValue == String {
        let text = try decode(String.self, forKey: key)
        guard let word = Word(rawValue: text) else {
            let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw DecodingError.dataCorruptedError(
                forKey: key,
                in: self,
                debugDescription: "\"\(text)\" is none of \(known)"
            )
        }
        return word
    }
}
