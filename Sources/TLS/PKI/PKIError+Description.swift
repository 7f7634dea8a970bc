internal import FoundationEssentials
internal import Glibc

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
