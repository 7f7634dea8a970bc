/// What is different about one handshake.
package struct HandshakePlan: Sendable, Equatable {
    /// The certificate profile to present, by its name; nil for the usual certificate.
    package var profile: String?
    /// The oldest and the newest version on offer: `1.0` to `1.3`.
    package var versions: ClosedRange<String>?
    /// The cipher suites on offer, by their names; empty for the usual ones.
    package var cipherSuites: [String] = []
    /// The groups on offer, by their names; empty for the usual ones.
    package var groups: [String] = []
    /// The OCSP answer to staple; nil for the usual one.
    package var staple: StapleKind?
    /// Whether the client is asked for a certificate.
    package var clientCertificate: ClientCertificateMode?
    /// Whether the certificate's serial must be the request's, where one was asked for.
    package var matchesSerial = true
    /// What happens to records, the first record first.
    package var records: [RecordStep] = []
    /// How long each record waits.
    package var gap: Hold?
    /// How long a stalled handshake is held; nil for as long as the peer stays.
    package var hold: Duration?
    /// How long the rule is in force that stalls it.
    package var holdTerm: RuleTerm?

    /// A handshake like any other.
    package init() {}

    /// Whether it is like any other.
    package var isOrdinary: Bool { self == HandshakePlan() }
}

/// Which OCSP answer is stapled.
package enum StapleKind: String, Sendable, CaseIterable {
    /// That the certificate is good.
    case good
    /// That it was revoked.
    case revoked
    /// That nobody knows it.
    case unknown
    /// That it was good, until some time ago.
    case stale
    /// None, although it was asked for.
    case missing
    /// That it is good, signed by somebody who has no say in it.
    case forged
}

/// Whether a client is asked for a certificate.
package enum ClientCertificateMode: String, Sendable, CaseIterable {
    /// No.
    case none
    /// It may show one.
    case optional
    /// It must.
    case require
}

/// The records of a handshake that an effect can mean, and those of an answer.
package enum RecordName: String, Sendable, CaseIterable {
    /// ServerHello.
    case serverHello
    /// EncryptedExtensions, of TLS 1.3.
    case encryptedExtensions
    /// Certificate.
    case certificate
    /// CertificateVerify, of TLS 1.3.
    case certificateVerify
    /// ServerKeyExchange, of TLS 1.2.
    case serverKeyExchange
    /// ServerHelloDone, of TLS 1.2.
    case serverHelloDone
    /// NewSessionTicket.
    case ticket
    /// Finished, with the ChangeCipherSpec before it.
    case finished
    /// Application data: an answer's first record.
    case data

    /// Those of a handshake.
    static let ofHandshake = allCases.filter { $0 != .data }.map(\.rawValue)
}

/// What happens to one record of a handshake.
package struct RecordStep: Sendable, Equatable {
    /// What happens.
    package enum Action: Sendable, Equatable {
        /// It and all behind it are kept back.
        case stall
        /// So many bytes of it are sent, half of it where nothing is said; then the connection closes.
        case truncate(Int?)
        /// One of its bits is flipped.
        case corrupt
        /// A fatal alert of this number goes out in its place.
        case alert(UInt8)
    }

    /// Which record.
    package let at: RecordName
    /// What happens to it.
    package let action: Action
    /// The rule that wants it, to be told where the record never came.
    package var rule = ""

    /// Joins both.
    init(_ action: Action, at record: RecordName) {
        at = record
        self.action = action
    }
}
