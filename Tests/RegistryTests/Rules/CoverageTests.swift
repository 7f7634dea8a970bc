import Registry
import SoftToken
import Testing

@Suite struct Coverage {
    /// Who asks, what it lists, and whether a license of A with B in its cluster covers it.
    static let cases: [(unit: String, list: [String], failover: Bool, primaryOnly: Bool)] = [
        ("FG-A", [], true, true),
        ("FG-A", ["FG-A", "FG-B"], true, true),
        ("FG-B", ["FG-B", "FG-A"], true, false),
        ("FG-B", ["FG-B"], false, false),
        ("FG-B", ["FG-B", "FG-C"], false, false),
        ("FG-C", ["FG-C", "FG-A"], false, false),
        ("FG-C", ["FG-A", "FG-B"], false, false),
    ]

    @Test(arguments: cases)
    func `a license covers its owner, and bound units that list it`(
        unit: String,
        list: [String],
        failover: Bool,
        primaryOnly: Bool
    ) throws {
        let license = try Sample().pair
        let unit = try serial(unit)
        let list = try list.map { try serial($0) }
        #expect(license.covers(unit, listing: list, at: 0, choices: RuleChoices()) == failover)
        let alone = RuleChoices(highAvailability: .primaryOnly)
        #expect(license.covers(unit, listing: list, at: 0, choices: alone) == primaryOnly)
    }

    @Test func `a license that was never activated covers nobody`() throws {
        let sample = try Sample()
        #expect(!sample.new.covers(sample.a, listing: [sample.a], at: 0, choices: RuleChoices()))
    }

    @Test(arguments: [(99, true), (100, false), (101, false)] as [(Int64, Bool)])
    func `a former owner is covered until its grace ends`(now: Int64, isCovered: Bool) throws {
        let sample = try Sample()
        var license = sample.pair
        license.grace = License.Grace(unit: sample.c, until: 100)
        #expect(license.covers(sample.c, listing: [], at: now, choices: RuleChoices()) == isCovered)
        #expect(
            license.covers(sample.c, listing: [], at: now, choices: RuleChoices(highAvailability: .primaryOnly))
                == isCovered
        )
        #expect(!license.covers(sample.u, listing: [sample.c], at: now, choices: RuleChoices()))
    }
}
