import Registry
import SoftToken
import TestKit
import Testing

@Suite struct Coverage {
    /// Who asks, what it lists, and under which choices it may use a license of A that was bound with B.
    ///
    /// A field report: a license that A redeemed before the pair was formed did not work on the active B, although
    /// three published notes share it with whoever lists A.
    static let uses: [(unit: String, list: [String], listed: Bool, binding: Bool, primaryOnly: Bool)] = [
        ("FG-A", [], true, true, true),
        ("FG-A", ["FG-A", "FG-B"], true, true, true),
        ("FG-B", ["FG-B", "FG-A"], true, true, false),
        ("FG-B", ["FG-A"], true, true, false),
        ("FG-B", ["FG-B"], false, false, false),
        ("FG-B", [], false, false, false),
        ("FG-B", ["FG-B", "FG-C"], false, false, false),
        ("FG-C", ["FG-C", "FG-A"], true, false, false),
        ("FG-C", ["FG-C", "FG-B"], false, false, false),
    ]

    @Test(arguments: uses)
    func `a license is used by its owner, and by units that list it`(
        unit: String,
        list: [String],
        listed: Bool,
        binding: Bool,
        primaryOnly: Bool
    ) throws {
        let license = try Sample().pair
        let unit = try serial(unit)
        let list = try list.map { try serial($0) }
        for (choice, isUsable) in [
            (RuleChoices.HighAvailability.listed, listed), (.binding, binding), (.primaryOnly, primaryOnly),
        ] {
            let choices = RuleChoices(highAvailability: choice)
            #expect(license.isUsable(by: unit, listing: list, at: 0, choices: choices) == isUsable, "\(choice)")
        }
    }

    @Test(
        arguments: [
            ("FG-A", [], true, true), ("FG-B", ["FG-B", "FG-A"], true, false), ("FG-B", ["FG-B"], false, false),
            ("FG-C", ["FG-C", "FG-A"], false, false), ("FG-C", ["FG-A", "FG-B"], false, false),
        ] as [(String, [String], Bool, Bool)]
    )
    func `its code is redeemed by its owner, and by bound units that list it`(
        unit: String,
        list: [String],
        isRedeemable: Bool,
        byPrimaryOnly: Bool
    ) throws {
        let license = try Sample().pair
        let unit = try serial(unit)
        let list = try list.map { try serial($0) }
        for choice in RuleChoices.HighAvailability.allCases {
            #expect(
                license.isRedeemable(by: unit, listing: list, choices: RuleChoices(highAvailability: choice))
                    == (choice == .primaryOnly ? byPrimaryOnly : isRedeemable),
                "\(choice)"
            )
        }
    }

    @Test(arguments: RuleChoices.HighAvailability.allCases)
    func `a license that was never activated is good for nobody`(choice: RuleChoices.HighAvailability) throws {
        let sample = try Sample()
        let choices = RuleChoices(highAvailability: choice)
        #expect(!sample.new.isUsable(by: sample.a, listing: [sample.a, sample.b], at: 0, choices: choices))
        #expect(!sample.new.isRedeemable(by: sample.a, listing: [sample.a, sample.b], choices: choices))
    }

    @Test(arguments: [(99, true), (100, false), (101, false)] as [(Int64, Bool)])
    func `a former owner uses it until its grace ends, and does not redeem it`(now: Int64, isUsable: Bool) throws {
        let sample = try Sample()
        var license = sample.pair
        license.grace = License.Grace(unit: sample.c, until: 100)
        for choice in RuleChoices.HighAvailability.allCases {
            let choices = RuleChoices(highAvailability: choice)
            #expect(license.isUsable(by: sample.c, listing: [], at: now, choices: choices) == isUsable)
            #expect(!license.isRedeemable(by: sample.c, listing: [], choices: choices))
            #expect(!license.isUsable(by: sample.u, listing: [sample.c], at: now, choices: choices))
        }
    }
}

/// A license that was redeemed before its unit was one of a pair: the exchanges of FC-424201, FC-194574 and FC-197403.
@Suite struct Pairs {
    var sample: Sample
    let tokens: [TokenSerial]

    init() throws {
        sample = try Sample()
        _ = try sample.activate(sample.new.code, by: sample.a, with: [sample.a])
        tokens = sample.tokens(sample.new)
    }

    @Test mutating func `the active secondary provisions and polls what is registered to the unit that it lists`()
        throws
    {
        let ruling = sample.provision([try sample.order(tokens[0])], by: sample.c, with: [sample.c, sample.a])
        #expect(ruling.outcome.refusal == nil && ruling.outcome.codes.count == 1)
        #expect(
            sample.poll(tokens, by: sample.c, with: [sample.a]).outcome.states == [.pending, .available, .available]
        )
        #expect(sample.registry.licenses[sample.new.number]?.cluster == [sample.a], "using binds nobody")
    }

    @Test mutating func `a unit that lists itself alone has nothing`() throws {
        let ruling = sample.provision([try sample.order(tokens[0])], by: sample.c, with: [sample.c])
        #expect(ruling.outcome.refusals == [.tokenOfOtherProduct])
        #expect(ruling.outcome.refusal == .noValidToken)
        #expect(ruling.peers == [ClusterPeer(serial: sample.c, isRegistered: true)])
        #expect(ruling.changes.isEmpty)
        #expect(sample.poll(tokens, by: sample.c, with: []).outcome.refusal == .noValidToken)
    }

    @Test mutating func `the code is redeemed by the unit that it is registered to`() throws {
        let onPeer = try sample.activate(sample.new.code, by: sample.c, with: [sample.c, sample.a])
        #expect(onPeer.outcome == .refused(.licenseOfOtherProduct))
        #expect(onPeer.changes.isEmpty)
    }

    @Test mutating func `a pair shares the trial of the unit that it lists`() throws {
        guard case .granted(_, let trial) = try sample.activate(.trial, by: sample.a).outcome else { return }
        #expect(sample.poll(trial, by: sample.c, with: [sample.a]).outcome.states == [.available, .available])
        #expect(sample.poll(trial, by: sample.c).outcome.states == [nil, nil])
    }

    @Test mutating func `what a listed guest lodges does not end with a grace`() throws {
        _ = sample.perform(.transferLicense(sample.new.number, to: sample.b, graceSeconds: 60))
        _ = sample.provision([try sample.order(tokens[0])], by: sample.a, with: [sample.a, sample.b])
        _ = sample.provision([try sample.order(tokens[1])], by: sample.a, with: [sample.a])
        #expect(sample.registry.tokens[tokens[0]]?.provisioning?.lapses == nil)
        #expect(sample.registry.tokens[tokens[1]]?.provisioning?.lapses == sample.context.now + 60)
    }
}
