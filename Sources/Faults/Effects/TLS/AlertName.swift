/// The names of the alerts, by RFC 8446 section 6 and, for the older versions, RFC 5246 section 7.2.
package enum AlertName {
    /// Those that a rule may order.
    private static let numbers: [(String, UInt8)] = [
        ("close_notify", 0), ("unexpected_message", 10), ("bad_record_mac", 20), ("record_overflow", 22),
        ("handshake_failure", 40), ("bad_certificate", 42), ("unsupported_certificate", 43),
        ("certificate_revoked", 44), ("certificate_expired", 45), ("certificate_unknown", 46),
        ("illegal_parameter", 47), ("unknown_ca", 48), ("access_denied", 49), ("decode_error", 50),
        ("decrypt_error", 51), ("protocol_version", 70), ("insufficient_security", 71), ("internal_error", 80),
        ("inappropriate_fallback", 86), ("user_canceled", 90), ("no_renegotiation", 100), ("missing_extension", 109),
        ("unsupported_extension", 110), ("unrecognized_name", 112), ("bad_certificate_status_response", 113),
        ("unknown_psk_identity", 115), ("certificate_required", 116), ("no_application_protocol", 120),
    ]

    /// Those that only peers of older days send (RFC 8446 section B.2).
    private static let historic: [(String, UInt8)] = [
        ("decryption_failed", 21), ("decompression_failure", 30), ("no_certificate", 41), ("export_restriction", 60),
        ("certificate_unobtainable", 111), ("bad_certificate_hash_value", 114),
    ]

    /// The names of those that a rule may order.
    static let all = numbers.map(\.0)

    /// The names of all that a peer may send, but for those that nobody gave a name.
    package static let known = all + historic.map(\.0)

    /// The number of an alert that a rule may order; nil for a name that is none.
    static func number(of name: String) -> UInt8? { numbers.first { $0.0 == name }?.1 }

    /// Whether an alert is told of by this name: its own, or `alert_` and its number where it has none.
    package static func isTold(_ name: String) -> Bool {
        guard name.hasPrefix("alert_") else { return known.contains(name) }
        let digits = name.dropFirst("alert_".count)
        guard let number = UInt8(digits), String(number) == digits else { return false }
        return !(numbers + historic).contains { $0.1 == number }
    }
}
