import TLSNames
import Testing

/// The alerts' names: what a peer may send, what a rule may order and what a filter takes are one table.
@Suite struct AlertCodeTests {
    @Test(arguments: 0...UInt8.max)
    func `whatever a peer sends is told by a name that is read back`(number: UInt8) {
        let code = AlertCode(rawValue: number)
        #expect(AlertCode(name: code.name) == code)
        #expect(AlertCode.named.contains(code) == code.isNamed)
        #expect(code.name.hasPrefix("alert_") != code.isNamed)
    }

    /// RFC 8446 section 6 and section B.2, RFC 5246 section 7.2: spot checks by hand against the table.
    @Test(
        arguments: [
            (0, "close_notify"), (10, "unexpected_message"), (40, "handshake_failure"), (42, "bad_certificate"),
            (44, "certificate_revoked"), (45, "certificate_expired"), (48, "unknown_ca"), (51, "decrypt_error"),
            (70, "protocol_version"), (86, "inappropriate_fallback"), (112, "unrecognized_name"),
            (116, "certificate_required"), (120, "no_application_protocol"), (121, "alert_121"), (255, "alert_255"),
        ] as [(UInt8, String)]
    )
    func `a number has the name that its RFC gives it`(number: UInt8, name: String) {
        #expect(AlertCode(rawValue: number).name == name)
    }

    @Test func `no other name is taken`() {
        for name in ["alert_48", "alert_256", "alert_1x", "alert_", "alert_01", "Unknown_CA", ""] {
            #expect(AlertCode(name: name) == nil, "\(name)")
        }
    }

    /// The order in which the catalogue, the interface's schema and the errors list them.
    @Test func `those of today come by number, and behind them those of older days`() {
        #expect(AlertCode.current.map(\.rawValue) == AlertCode.current.map(\.rawValue).sorted())
        #expect(AlertCode.current.count == 28)
        let historic: [UInt8] = [21, 30, 41, 60, 111, 114]
        #expect(AlertCode.named == AlertCode.current + historic.map { AlertCode(rawValue: $0) })
    }

    /// By their numbers in RFC 8446 section 6.
    @Test func `the names with a constant of their own have the right one`() {
        let constants: [AlertCode] = [
            .closeNotify, .unexpectedMessage, .recordOverflow, .illegalParameter, .decodeError,
        ]
        let names = ["close_notify", "unexpected_message", "record_overflow", "illegal_parameter", "decode_error"]
        #expect(constants.map(\.name) == names)
    }
}
