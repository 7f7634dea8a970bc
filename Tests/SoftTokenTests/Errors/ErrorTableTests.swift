import SoftToken
import Testing

@Suite
struct `Error table` {
    @Test(arguments: [
        (ServiceError.licenseExpired, 14, "forticare license expired", true),
        (.licenseNotFound, 16, "forticare license card not found", false),
        (.noValidToken, 17, "no valid token found", true),
        (.productNotRegistered, 21, "Product is not registered", true),
        (.tokenOfOtherProduct, 31, "token does not belong to product", true),
        (.activationCodeInvalid, 40, "FTM token Activation Code is invalid", true),
        (.unknownType, 901, "unknown request type", false),
        (.certificateMismatch, 902, "serial number does not match the client certificate", false),
        (.licenseOfOtherProduct, 903, "license is registered to another product", false),
        (.fieldInvalid, 904, "request field is missing or invalid", false),
        (.tokenLocked, 905, "token is locked", false),
    ])
    func `each reason has its code and text`(reason: ServiceError, code: Int, text: String, isVerified: Bool) {
        let entry = ErrorTable()[reason]
        #expect(entry.code == code)
        #expect(entry.text == text)
        #expect(entry.isVerified == isVerified)
    }

    /// An appliance prints -(7550 + code): the first pair is published, the second calculated (docs/protocol.md section
    /// 6).
    @Test(arguments: [(ServiceError.licenseExpired, -7_564), (.tokenOfOtherProduct, -7_581)])
    func `a code is the one that an appliance's number stands for`(reason: ServiceError, shown: Int) {
        #expect(-(7_550 + ErrorTable()[reason].code) == shown)
    }

    @Test func `a guess may be replaced, in code or text or both`() throws {
        let table = try ErrorTable(overrides: [
            .licenseNotFound: .init(code: 15), .tokenLocked: .init(text: "locked"),
            .fieldInvalid: .init(code: 16, text: "bad \"field\""),
        ])
        #expect(table[.licenseNotFound].code == 15)
        #expect(table[.licenseNotFound].text == "forticare license card not found")
        #expect(table[.tokenLocked].code == 905)
        #expect(table[.tokenLocked].text == "locked")
        #expect(table[.fieldInvalid].code == 16)
        #expect(!table[.fieldInvalid].isVerified)
        #expect(try ErrorTable(overrides: [:]) == ErrorTable())
    }

    // 21 and its text are published for a peer, and stand here at the top: a lab may turn them.
    @Test func `what is published for another place may be replaced too`() throws {
        let table = try ErrorTable(overrides: [.productNotRegistered: .init(code: 22)])
        #expect(table[.productNotRegistered].code == 22)
        #expect(!table[.productNotRegistered].isVerified)
    }

    @Test(arguments: ServiceError.allCases.filter(\.isFixed))
    func `what was published stays`(reason: ServiceError) {
        #expect(throws: ErrorTableError.published(reason)) {
            try ErrorTable(overrides: [reason: .init(text: "other")])
        }
    }

    @Test(arguments: [0, -1, 10_000, Int.max])
    func `a code out of range is refused`(code: Int) {
        #expect(throws: ErrorTableError.codeOutOfRange(.tokenLocked, code)) {
            try ErrorTable(overrides: [.tokenLocked: .init(code: code)])
        }
    }

    @Test(arguments: ["", String(repeating: "x", count: ErrorTable.textLimit + 1)])
    func `a text without a fitting length is refused`(text: String) {
        #expect(throws: ErrorTableError.textLength(.tokenLocked)) {
            try ErrorTable(overrides: [.tokenLocked: .init(text: text)])
        }
    }

    @Test func `two reasons with one code are refused, by name`() {
        let error = #expect(throws: ErrorTableError.self) {
            try ErrorTable(overrides: [.licenseNotFound: .init(code: 14)])
        }
        #expect(error == .conflict(.licenseExpired, .licenseNotFound, 14))
        #expect(error?.description == "error table: licenseExpired and licenseNotFound both have code 14")
        #expect(throws: ErrorTableError.conflict(.unknownType, .tokenLocked, 1_000)) {
            try ErrorTable(overrides: [.unknownType: .init(code: 1_000), .tokenLocked: .init(code: 1_000)])
        }
    }

    @Test func `codes may be exchanged`() throws {
        let table = try ErrorTable(overrides: [.unknownType: .init(code: 905), .tokenLocked: .init(code: 901)])
        #expect(table[.unknownType].code == 905)
        #expect(table[.tokenLocked].code == 901)
    }
}
