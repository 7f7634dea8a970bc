/// Why the installation's PKI could not be opened, minted or written.
///
/// A ``description`` is one line for an operator and names the file; key material is never part of it.
package enum PKIError: Error, Equatable {
    /// A system call on `path` failed with the errno value `code`.
    case system(operation: String, path: String, code: CInt)
    /// The file at `path` is there and may not be used.
    case refused(path: String, Refusal)
    /// The configuration names `name`, which is neither a host name nor an IP address.
    case invalidName(String)
    /// Where the lists are said to be published is no address that a certificate could carry.
    case invalidAddress(String)
    /// This is no device's serial number.
    case invalidSerial(String)
    /// A password that is empty or holds a zero character; it is not repeated here.
    case invalidPassword
    /// At `moment` the installation's root does not count, so nothing below it can; all in Unix seconds.
    case outsideRoot(moment: Int64, from: Int64, until: Int64)
    /// OpenSSL failed in `operation`; `detail` is all that its error queue held.
    case openSSL(operation: String, detail: String)

    /// What is wrong with a file of the PKI.
    package enum Refusal: Equatable, Sendable {
        /// It holds no PEM of its kind; OpenSSL's words in `detail`.
        case unreadable(detail: String)
        /// This private key does not belong to the certificate in the file named.
        case keyMismatch(certificate: String)
        /// This private key is missing although what only it can sign is there, in the file named.
        case missing(beside: String)
        /// Its issuer is not a LAB authority of this installation: perhaps a public one.
        case foreign(issuer: String)
        /// A root without critical name constraints: trusting it would open more than the lab.
        case unconstrained
        /// An authority whose validity, in Unix seconds, does not include the present.
        case outsideValidity(from: Int64, until: Int64)
        /// It is larger than any file of a PKI.
        case tooLarge(limit: Int)
    }
}
