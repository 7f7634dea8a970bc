import SoftToken
import Testing

@Suite
struct Names {
    @Test(arguments: ["A", "0", "-", "FG140E4Q17000494", "FAC-VM", "----------------"])
    func `a serial is up to sixteen capitals, digits and hyphens`(text: String) throws {
        #expect(try #require(Serial(text)).description == text)
    }

    @Test(arguments: [
        "", "FG140E4Q170004944", "fg1", "FG 1", "FG_1", "FÜ", "FG\n", "FG\u{0}", "FG.1", "FG/1", "\u{FF21}",
    ])
    func `other text is no serial`(text: String) {
        #expect(Serial(text) == nil)
    }

    @Test(arguments: ["FTKMOB947FDC1754", "FTKMOB0000000000", "FTKMOBFFFFFFFFFF"])
    func `a token serial is FTKMOB and ten digits`(text: String) throws {
        #expect(try #require(TokenSerial(text)).description == text)
    }

    @Test(arguments: [
        "", "FTKMOB947FDC175", "FTKMOB947FDC17544", "FTKMOB947FDC175G", "FTKMOB947fdc1754", "ftkmob947FDC1754",
        "FTK200947FDC1754", "XFTKMOB947FDC175", "FTKMOB947FDC175 ",
    ])
    func `other text is no token serial`(text: String) {
        #expect(TokenSerial(text) == nil)
    }

    @Test func `a token serial comes from forty bits`() {
        #expect(TokenSerial(number: 0x94_7FDC_1754).description == "FTKMOB947FDC1754")
        #expect(TokenSerial(number: .max).description == "FTKMOBFFFFFFFFFF")
        #expect(TokenSerial(number: 1) < TokenSerial(number: 0xA))
        #expect(TokenSerial(number: 9) < TokenSerial(number: 0xA))
    }

    @Test(arguments: [("EFTM000000000001", false), ("FTMTRIAL02062407", true), ("FTMTRIAL0A4E28E6", true)])
    func `a license number is a bought one or a trial`(text: String, isTrial: Bool) throws {
        let number = try #require(LicenseNumber(text))
        #expect(number.description == text)
        #expect(number.isTrial == isTrial)
    }

    @Test(arguments: [
        "", "EFTM00000000001", "EFTM0000000000011", "EFTM00000000000A", "eftm000000000001", "FTMTRIAL0A4E28EG",
        "FTMTRIAL0a4e28e6", "FTMTRIALNOREGIST", "FTMTRIAL", "ABCD000000000001",
    ])
    func `other text is no license number`(text: String) {
        #expect(LicenseNumber(text) == nil)
    }

    @Test func `a trial's number is eight digits`() {
        #expect(LicenseNumber(trial: 0x0BDD_59BA).description == "FTMTRIAL0BDD59BA")
        #expect(LicenseNumber(trial: 0).description == "FTMTRIAL00000000")
        #expect(LicenseNumber(trial: .max).isTrial)
    }

    @Test func `a redemption code is read in either case and written in capitals`() throws {
        let code = try #require(RedemptionCode("da8c-0508-1f31-4CF7-c990"))
        #expect(code.text == "DA8C-0508-1F31-4CF7-C990")
        #expect(code == RedemptionCode(high: 0xDA8C_0508_1F31_4CF7, low: 0xC990))
        #expect(!code.isTrial)
        #expect(try #require(RedemptionCode("0000-0000-0000-0000-0000")).isTrial)
        #expect(RedemptionCode.trial.text == "0000-0000-0000-0000-0000")
    }

    @Test(arguments: [
        "", "DA8C05081F314CF7C990", "DA8C-0508-1F31-4CF7-C99", "DA8C-0508-1F31-4CF7-C9900", "DA8C-0508-1F31-4CF7-C99G",
        "DA8C-0508-1F31-4CF7_C990", "DA8C0-508-1F31-4CF7-C990", "-DA8-0508-1F31-4CF7-C990",
    ])
    func `other text is no redemption code`(text: String) {
        #expect(RedemptionCode(text) == nil)
    }

    @Test func `a seed is read in either case and written in capitals`() throws {
        let seed = try #require(Seed("a84e2caad3bcea970e05dc1a9b7bd2d562622f4a"))
        #expect(String(decoding: seed.hexadecimal, as: UTF8.self) == "A84E2CAAD3BCEA970E05DC1A9B7BD2D562622F4A")
        #expect(seed == Seed("A84E2CAAD3BCEA970E05DC1A9B7BD2D562622F4A"))
        #expect(Set([seed, seed]).count == 1)
    }

    @Test(arguments: [0, 7, 8, 15, 16, 31, 32, 39])
    func `every digit of a seed counts`(index: Int) throws {
        var digits = Array(repeating: UInt8(0x30), count: 40)
        let zero = try #require(seed(digits))
        digits[index] = 0x31
        let other = try #require(seed(digits))
        #expect(other != zero)
        #expect(other.hexadecimal == digits)
        digits[index] = 0x47
        #expect(seed(digits) == nil)
    }

    @Test func `parameters are those that appliances offer`() {
        for period in [30, 60] {
            for digits in [6, 8] {
                #expect(TokenParameters(kind: .hotp, period: period, digits: digits)?.period == period)
            }
        }
        #expect(TokenParameters(kind: .totp, period: 45, digits: 6) == nil)
        #expect(TokenParameters(kind: .totp, period: 60, digits: 7) == nil)
        #expect(TokenParameters.published == TokenParameters(kind: .totp, period: 60, digits: 6))
    }

    private func seed(_ digits: [UInt8]) -> Seed? { Seed(digits.span) }
}
