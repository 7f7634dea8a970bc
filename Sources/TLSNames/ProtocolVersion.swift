/// A version of TLS, by its number on the wire.
package enum ProtocolVersion: UInt16, Sendable, CaseIterable, Comparable {
    /// RFC 2246.
    case tls10 = 0x0301
    /// RFC 4346.
    case tls11 = 0x0302
    /// RFC 5246.
    case tls12 = 0x0303
    /// RFC 8446.
    case tls13 = 0x0304

    /// The version that people write so; nil for any other text.
    package init?(name: String) {
        guard let version = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = version
    }

    /// As people write it: `1.0` to `1.3`.
    package var name: String {
        switch self {
        case .tls10: "1.0"
        case .tls11: "1.1"
        case .tls12: "1.2"
        case .tls13: "1.3"
        }
    }

    /// The older version is the lesser.
    package static func < (lesser: ProtocolVersion, greater: ProtocolVersion) -> Bool {
        lesser.rawValue < greater.rawValue
    }
}
