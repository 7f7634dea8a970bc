import SoftToken
import Testing

@Suite
struct `Activation code` {
    @Test func `the published code says version 4, totp, 60 seconds, 6 digits`() throws {
        let code = try #require(ActivationCode("EEIOTCU3LENEDJMR"))
        #expect(code.flags == 0x2110)
        #expect(code.flags >> 11 == ActivationCode.version)
        #expect(code.flags >> 8 & 0x7 == 1)
        #expect(code.parameters == .published)
        #expect(code.claim == 0xE98A_9B59_1A41_A591)
        #expect(String(decoding: code.claimDigits, as: UTF8.self) == "E98A9B591A41A591")
        #expect(String(decoding: code.base32, as: UTF8.self) == "EEIOTCU3LENEDJMR")
    }

    @Test(arguments: TokenParameters.Kind.allCases, [(30, 6), (30, 8), (60, 6), (60, 8)])
    func `parameters travel in the flags`(kind: TokenParameters.Kind, numbers: (period: Int, digits: Int)) throws {
        let parameters = try #require(TokenParameters(kind: kind, period: numbers.period, digits: numbers.digits))
        let code = ActivationCode(claim: 0x0123_4567_89AB_CDEF, parameters: parameters)
        #expect(code.parameters == parameters)
        #expect(code.claim == 0x0123_4567_89AB_CDEF)
        #expect(code.flags & 0xFF == (numbers.digits == 8 ? 0x20 : 0) | (numbers.period == 60 ? 0x10 : 0))
        #expect(reread(code) == code)
    }

    @Test(arguments: [("EEI", 60), ("EEA", 30)])
    func `codes begin as the published ones of their period do`(prefix: String, period: Int) throws {
        let parameters = try #require(TokenParameters(kind: .totp, period: period, digits: 6))
        for claim in [0, 0x0FFF_FFFF_FFFF_FFFF] as [UInt64] {
            let text = String(decoding: ActivationCode(claim: claim, parameters: parameters).base32, as: UTF8.self)
            #expect(text.hasPrefix(prefix), "\(text)")
        }
    }

    @Test(arguments: [0x2010, 0x2910, 0x2310, 0x0000, 0xFFFF] as [UInt16])
    func `flags of another version or type have no parameters`(flags: UInt16) {
        #expect(ActivationCode(flags: flags, claim: 0).parameters == nil)
    }

    @Test(arguments: 0..<UInt64(10))
    func `any eighty bits come back from Base32`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<100 {
            let code = ActivationCode(flags: UInt16.random(in: 0...(.max), using: &random), claim: random.next())
            let base32 = code.base32
            #expect(reread(code) == code)
            #expect(base32 == Self.base32(of: code), "seed \(seed)")
            #expect(UInt64(String(decoding: code.claimDigits, as: UTF8.self), radix: 16) == code.claim)
        }
    }

    @Test(arguments: 0..<80)
    func `each bit has its place`(bit: Int) {
        let code =
            bit < 64 ? ActivationCode(flags: 0, claim: 1 << bit) : ActivationCode(flags: 1 << (bit - 64), claim: 0)
        #expect(code.base32 == Self.base32(of: code))
        #expect(reread(code) == code)
    }

    @Test(arguments: [
        "", "EEIOTCU3LENEDJM", "EEIOTCU3LENEDJMRA", "eeiotcu3lenedjmr", "EEIOTCU1LENEDJMR", "EEIOTCU0LENEDJMR",
        "EEIOTCU8LENEDJMR", "EEIOTCU3LENEDJM=", "EEIO-TCU3-LENEDJ",
    ])
    func `other text is no code`(text: String) {
        #expect(ActivationCode(text) == nil)
    }

    private func reread(_ code: ActivationCode) -> ActivationCode? {
        let base32 = code.base32
        return ActivationCode(base32.span)
    }

    /// RFC 4648 the slow way: eighty binary digits, five at a time.
    private static func base32(of code: ActivationCode) -> [UInt8] {
        func binary(_ value: UInt64, _ width: Int) -> String {
            let digits = String(value, radix: 2)
            return String(repeating: "0", count: width - digits.count) + digits
        }
        let bits = Array(binary(UInt64(code.flags), 16) + binary(code.claim, 64))
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
        return stride(from: 0, to: 80, by: 5)
            .map { start in
                alphabet[bits[start..<(start + 5)].reduce(0) { $0 * 2 + ($1 == "1" ? 1 : 0) }]
            }
    }
}
