import Registry
import SoftToken
import TestKit
import Testing

@Suite struct Draws {
    @Test func `a lab's draws are what they always were`() {
        // Worked out apart from this program, from the published algorithms.
        let chance = Chance(seed: 1)
        #expect((0..<2).map { chance.draw(.activationCodes, $0) } == [0x600A_C145_5D66_4C05, 0x4FEB_08EE_7C32_11C9])
    }

    @Test func `purposes and seeds draw apart`() throws {
        let first = try number("EFTM000000000001")
        let second = try number("EFTM000000000002")
        let purposes: [Chance.Purpose] = [.activationCodes, .tokenSerials(first), .tokenSerials(second)]
        var values: Set<UInt64> = []
        for seed in 0..<10 as Range<UInt64> {
            for purpose in purposes {
                values.formUnion((0..<100).map { Chance(seed: seed).draw(purpose, $0) })
            }
        }
        #expect(values.count == 3_000)
    }
}
