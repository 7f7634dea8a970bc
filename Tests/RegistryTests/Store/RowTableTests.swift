import SoftToken
import TestKit
import Testing

@testable import Registry

@Suite
struct `Row table` {
    @Test(arguments: 0..<UInt64(8))
    func `it holds what a dictionary holds`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var table = RowTable<Int?>()
        var expected: [ASCII16: Int?] = [:]
        for _ in 0..<3_000 {
            let name = try Self.name(Int.random(in: 0..<1_000, using: &random))
            if Int.random(in: 0..<1_000, using: &random) == 0 {
                table.removeAll()
                expected.removeAll()
            }
            #expect(table[name] == expected[name], "seed \(seed)")
            let row = Bool.random(using: &random) ? Int.random(in: 0..<100, using: &random) : nil
            table.keep(row, as: name)
            expected.updateValue(row, forKey: name)
            #expect(table.count == expected.count && !table.isEmpty)
        }
        for number in 0..<1_000 {
            let name = try Self.name(number)
            #expect(table[name] == expected[name], "seed \(seed)")
        }
    }

    @Test func `an empty one has no row, also after it had some`() throws {
        var table = RowTable<Int>()
        let name = try Self.name(1)
        #expect(table.isEmpty && table[name] == nil)
        table.keep(1, as: name)
        table.removeAll()
        #expect(table.isEmpty && table[name] == nil)
    }

    private static func name(_ number: Int) throws -> ASCII16 {
        // Some of one word, some of two.
        let text = number.isMultiple(of: 3) ? "N\(number)" : "FTKMOB-\(number)-ROW"
        let name = ASCII16(text.utf8.span)
        return try #require(name)
    }
}
