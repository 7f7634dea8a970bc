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
}

/// Names, by RFC 8446 section 6 and, for the older versions, RFC 5246 section 7.2.
extension AlertCode {
    /// Those that an implementation of today sends, by their numbers.
    package static let current = currentNames.map { AlertCode(rawValue: $0.0) }

    /// All that have a name, those last that only peers of older days send.
    package static let named = current + historicNames.map { AlertCode(rawValue: $0.0) }

    /// The alert that is told of by this name: its own, or `alert_` and its number where it has none; nil for any other
    /// text.
    package init?(name: String) {
        guard let code = Self.codes[name] else { return nil }
        self = code
    }

    /// Whether an RFC gives it a name.
    package var isNamed: Bool { Self.names[rawValue] != nil }

    /// The name that RFC 8446 or 5246 gives it, or `alert_` and the number.
    package var name: String { Self.names[rawValue] ?? "alert_\(rawValue)" }

    private static let names = Dictionary(uniqueKeysWithValues: currentNames + historicNames)

    private static let codes = Dictionary(
        uniqueKeysWithValues: (0...UInt8.max).map { AlertCode(rawValue: $0) }.map { ($0.name, $0) }
    )

    private static let currentNames: [(UInt8, String)] = [
        (0, "close_notify"), (10, "unexpected_message"), (20, "bad_record_mac"), (22, "record_overflow"),
        (40, "handshake_failure"), (42, "bad_certificate"), (43, "unsupported_certificate"),
        (44, "certificate_revoked"), (45, "certificate_expired"), (46, "certificate_unknown"),
        (47, "illegal_parameter"), (48, "unknown_ca"), (49, "access_denied"), (50, "decode_error"),
        (51, "decrypt_error"), (70, "protocol_version"), (71, "insufficient_security"), (80, "internal_error"),
        (86, "inappropriate_fallback"), (90, "user_canceled"), (100, "no_renegotiation"), (109, "missing_extension"),
        (110, "unsupported_extension"), (112, "unrecognized_name"), (113, "bad_certificate_status_response"),
        (115, "unknown_psk_identity"), (116, "certificate_required"), (120, "no_application_protocol"),
    ]

    /// Those that RFC 8446 section B.2 reserves for what older versions sent.
    private static let historicNames: [(UInt8, String)] = [
        (21, "decryption_failed"), (30, "decompression_failure"), (41, "no_certificate"), (60, "export_restriction"),
        (111, "certificate_unobtainable"), (114, "bad_certificate_hash_value"),
    ]
}

extension AlertCode: CustomStringConvertible {
    /// The name.
    package var description: String { name }
}
