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
    package var name: String { "1.\(rawValue - Self.tls10.rawValue)" }

    /// The older version is the lesser.
    package static func < (lesser: ProtocolVersion, greater: ProtocolVersion) -> Bool {
        lesser.rawValue < greater.rawValue
    }
}

/// What a record of a server's handshake is about.
package enum RecordLabel: String, Sendable, CaseIterable {
    /// The ServerHello, or a HelloRetryRequest, which is one by its type (RFC 8446 section 4.1.4).
    case serverHello
    /// The first message under encryption of TLS 1.3.
    case encryptedExtensions
    /// The server's chain.
    case certificate
    /// The signature of TLS 1.3.
    case certificateVerify
    /// The signed key share of TLS 1.2 and before.
    case serverKeyExchange
    /// The end of the first flight of TLS 1.2 and before.
    case serverHelloDone
    /// A session ticket: before Finished in TLS 1.2, after it and under the keys of data in TLS 1.3.
    case ticket
    /// The end of the server's part of the handshake.
    case finished

    /// The label of a handshake message, by its type (RFC 8446 section B.3, RFC 5246 section 7.4); nil for others.
    package init?(messageType: UInt8) {
        switch messageType {
        case 2: self = .serverHello
        case 4: self = .ticket
        case 8: self = .encryptedExtensions
        case 11: self = .certificate
        case 12: self = .serverKeyExchange
        case 14: self = .serverHelloDone
        case 15: self = .certificateVerify
        case 20: self = .finished
        default: return nil
        }
    }
}

/// What happens to one record that is to leave.
package enum RecordIntervention: Sendable, Equatable {
    /// It and everything after it is kept back for good.
    case stall
    /// So many of its bytes leave, header included, half of them for nil; then nothing more does.
    case truncate(bytes: Int?)
    /// One bit of it is changed: of a sealed record one in the middle, of one in clear one of its message's type.
    case corrupt
    /// A fatal alert leaves instead of it, and nothing after it.
    ///
    /// It is sealed where the record would have been. In TLS 1.2 and before, an alert instead of `finished` leaves
    /// in clear, before ChangeCipherSpec.
    case alert(AlertCode)
}

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
