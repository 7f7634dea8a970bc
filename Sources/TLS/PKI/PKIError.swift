import FoundationEssentials
import Glibc

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

extension PKIError: CustomStringConvertible {
    /// One line for an operator: what failed, where and why.
    package var description: String {
        switch self {
        case .system(let operation, let path, let code):
            "\(path): \(operation): \(unsafe String(cString: strerror(code)))"
        case .refused(let path, let refusal):
            "\(path): \(refusal)"
        case .invalidName(let name):
            "\"\(name)\" is neither a host name (ASCII, without wildcards) nor an IP address"
        case .invalidAddress(let address):
            "\"\(address)\" is no host and port that a certificate could name"
        case .invalidSerial(let serial):
            "\"\(serial.prefix(32))\" is no serial number: 1 to 16 of A-Z, 0-9 and -"
        case .invalidPassword:
            "a password is needed, without a zero character"
        case .outsideRoot(let moment, let from, let until):
            "no certificate of this installation counts at \(Refusal.text(moment)): "
                + "its root is valid from \(Refusal.text(from)) until \(Refusal.text(until)) only"
        case .openSSL(let operation, let detail):
            "OpenSSL, \(operation): \(detail)"
        }
    }
}

extension PKIError.Refusal: CustomStringConvertible {
    /// What is wrong, and what to do about it where the file alone does not say.
    package var description: String {
        switch self {
        case .unreadable(let detail):
            "holds no PEM that can be read without a password: \(detail)"
        case .keyMismatch(let certificate):
            "this private key does not belong to \(certificate)"
        case .missing(let certificate):
            "missing beside \(certificate): restore it, or remove the whole folder to begin with a new authority"
        case .foreign(let issuer):
            "issued by \"\(issuer)\", not by a LAB authority of this installation: refused"
        case .unconstrained:
            "has no critical name constraints, so trusting it would open more than the lab: refused"
        case .outsideValidity(let from, let until):
            "valid from \(Self.text(from)) until \(Self.text(until)) only: "
                + "if the clock is right, remove the whole folder to begin with a new authority"
        case .tooLarge(let limit):
            "larger than \(limit) bytes"
        }
    }

    fileprivate static func text(_ unixSeconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(unixSeconds)).formatted(.iso8601)
    }
}
