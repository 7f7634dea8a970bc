package import TLSNames

/// One TLS alert that went over a connection (RFC 8446 section 6).
package struct Alert: Sendable, Hashable {
    /// Who sent it, seen from this end.
    package enum Direction: String, Sendable {
        /// This end sent it.
        case sent
        /// The peer sent it.
        case received
    }

    /// What it says.
    package let code: AlertCode
    /// Whether its level byte is that of a fatal alert.
    ///
    /// TLS 1.3 ends a connection whatever the byte says, unless the alert is close_notify or user_canceled.
    package let isFatal: Bool
    /// Which way it went.
    package let direction: Direction

    /// The level byte of an alert that ends the connection.
    static let fatalLevel: UInt8 = 2

    /// An alert that was observed.
    package init(code: AlertCode, isFatal: Bool, direction: Direction) {
        self.code = code
        self.isFatal = isFatal
        self.direction = direction
    }

    /// The bytes of a fatal alert outside any encryption, for a peer whose first bytes were refused.
    ///
    /// A whole record: type alert, the version (RFC 8446 section 5.1), length 2, level, description.
    package static func record(_ code: AlertCode, version: UInt8 = 3) -> [UInt8] {
        [ContentType.alert, 3, version, 0, 2, fatalLevel, code.rawValue]
    }
}

extension Alert: CustomStringConvertible {
    /// For example `fatal unknown_ca received`.
    package var description: String {
        "\(isFatal ? "fatal" : "warning") \(code) \(direction.rawValue)"
    }
}
