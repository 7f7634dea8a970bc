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

    /// The older version is the lesser.
    package static func < (lesser: ProtocolVersion, greater: ProtocolVersion) -> Bool {
        lesser.rawValue < greater.rawValue
    }
}
