/// One certificate that its authority takes back, for lists and for OCSP.
package struct Revocation: Sendable, Hashable {
    /// Who issued it.
    package let authority: LabAuthority
    /// Its number among that authority's.
    package let serial: CertificateSerial
    /// From when on it does not count, Unix seconds.
    package let moment: Int64
    /// Why.
    package let reason: Reason

    /// Why a certificate is taken back, by its number in RFC 5280 section 5.3.1.
    package enum Reason: Int32, CaseIterable, Sendable {
        /// No reason is given; lists then leave the reason out.
        case unspecified = 0
        /// Someone else may have the key.
        case keyCompromise = 1
        /// Someone else may have its authority's key.
        case authorityCompromise = 2
        /// What it says of its subject is no longer so.
        case affiliationChanged = 3
        /// Another has its place.
        case superseded = 4
        /// What it was for has ended.
        case cessationOfOperation = 5
        /// It is on hold, and may come back.
        case hold = 6
        /// Its subject may no longer do what it allows.
        case privilegeWithdrawn = 9
    }

    /// The revocation of one certificate.
    package init(
        of serial: CertificateSerial,
        by authority: LabAuthority,
        at moment: Int64,
        because reason: Reason = .unspecified
    ) {
        self.authority = authority
        self.serial = serial
        self.moment = moment
        self.reason = reason
    }
}
