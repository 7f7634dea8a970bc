package import TLSNames

/// What is different about one handshake.
package struct HandshakePlan: Sendable, Equatable {
    /// The certificate profile to present, by its name; nil for the usual certificate.
    package var profile: String?
    /// The oldest and the newest version on offer; nil for the usual ones.
    package var versions: ClosedRange<ProtocolVersion>?
    /// The cipher suites on offer, by their names; empty for the usual ones.
    package var cipherSuites: [String] = []
    /// The groups on offer, by their names; empty for the usual ones.
    package var groups: [String] = []
    /// The OCSP answer to staple; nil for the usual one.
    package var staple: StapleStatus?
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

    /// Whether it is like any other.
    package var isOrdinary: Bool { self == HandshakePlan() }
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

/// What happens to one record of a handshake.
package struct RecordStep: Sendable, Equatable {
    /// Which record.
    package let at: RecordLabel
    /// What happens to it.
    package let action: RecordIntervention
    /// The rule that wants it, to be told where the record never came.
    package var rule = ""

    /// Joins both.
    init(_ action: RecordIntervention, at record: RecordLabel) {
        at = record
        self.action = action
    }
}
