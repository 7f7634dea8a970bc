/// The description byte of an alert.
///
/// Peers may send numbers that nobody registered, so that any byte is one.
package struct AlertCode: RawRepresentable, Sendable, Hashable {
    /// The number on the wire.
    package let rawValue: UInt8

    /// The alert of that number.
    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The end of a connection without an error.
    package static let closeNotify = AlertCode(rawValue: 0)
    /// A message that wasn't expected at that point.
    package static let unexpectedMessage = AlertCode(rawValue: 10)
    /// A record longer than allowed.
    package static let recordOverflow = AlertCode(rawValue: 22)
    /// A field whose value isn't allowed.
    package static let illegalParameter = AlertCode(rawValue: 47)
    /// A message that can't be parsed.
    package static let decodeError = AlertCode(rawValue: 50)

    /// All alerts with a name, from RFC 5246 section 7.2 and RFC 8446 section 6, with those that RFC 8446 section B.2
    /// reserves for what older versions sent.
    package static let names: [UInt8: String] = [
        0: "close_notify",
        10: "unexpected_message",
        20: "bad_record_mac",
        21: "decryption_failed",
        22: "record_overflow",
        30: "decompression_failure",
        40: "handshake_failure",
        41: "no_certificate",
        42: "bad_certificate",
        43: "unsupported_certificate",
        44: "certificate_revoked",
        45: "certificate_expired",
        46: "certificate_unknown",
        47: "illegal_parameter",
        48: "unknown_ca",
        49: "access_denied",
        50: "decode_error",
        51: "decrypt_error",
        60: "export_restriction",
        70: "protocol_version",
        71: "insufficient_security",
        80: "internal_error",
        86: "inappropriate_fallback",
        90: "user_canceled",
        100: "no_renegotiation",
        109: "missing_extension",
        110: "unsupported_extension",
        111: "certificate_unobtainable",
        112: "unrecognized_name",
        113: "bad_certificate_status_response",
        114: "bad_certificate_hash_value",
        115: "unknown_psk_identity",
        116: "certificate_required",
        120: "no_application_protocol",
    ]

    /// The name that RFC 8446 or 5246 gives it, or `alert_` and the number.
    package var name: String {
        Self.names[rawValue] ?? "alert_\(rawValue)"
    }
}

extension AlertCode: CustomStringConvertible {
    /// The name.
    package var description: String { name }
}

extension ClientHelloDefect {
    /// The alert that RFC 8446 section 6.2 prescribes for the defect.
    package var alert: AlertCode {
        switch self {
        case .emptyRecord, .unexpectedRecord, .unexpectedMessage, .trailingBytes: .unexpectedMessage
        case .oversizeRecord: .recordOverflow
        case .oversizeMessage, .tooManyRecords, .value, .duplicateExtension: .illegalParameter
        case .length: .decodeError
        }
    }
}
