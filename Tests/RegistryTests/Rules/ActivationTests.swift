import Notation
import Registry
import SoftToken
import TestKit
import Testing

@Suite struct Activation {
    @Test func `a new code binds the license to the unit and the registered units of its list`() throws {
        var sample = try Sample()
        let ruling = try sample.activate(sample.new.code, by: sample.a, with: [sample.u, sample.b, sample.a])
        #expect(
            ruling.outcome
                == .granted(license: sample.new.number, tokens: sample.tokens(sample.new))
        )
        let bound = try #require(sample.registry.licenses[sample.new.number])
        #expect(bound.owner == sample.a)
        #expect(bound.cluster == [sample.a, sample.b])
        #expect(bound.activatedAt == sample.context.now)
    }

    @Test func `the tokens are answered in order of their serials`() throws {
        var sample = try Sample()
        guard case .granted(_, let tokens) = try sample.activate(sample.new.code, by: sample.a).outcome else {
            Issue.record("the code was refused")
            return
        }
        #expect(tokens.count == sample.new.size)
        #expect(tokens == tokens.sorted())
    }

    @Test func `a code that nobody has is not found`() throws {
        var sample = try Sample()
        let ruling = try sample.activate(try code("9999-9999-9999-9999-9999"), by: sample.a)
        #expect(ruling.outcome == .refused(.licenseNotFound))
    }

    @Test func `a revoked license is not found, by its owner either`() throws {
        var sample = try Sample()
        for license in [sample.new, sample.pair] {
            sample.registry.licenses[license.number]?.isRevoked = true
            #expect(try sample.activate(license.code, by: sample.a).outcome == .refused(.licenseNotFound))
        }
    }

    @Test func `a code that was never used holds through its last day, in UTC`() throws {
        var sample = try Sample()
        sample.registry.licenses[sample.new.number]?.validUntil = try day("2026-11-21")
        let midnight = try day("2026-11-22").start
        sample.context.now = midnight
        #expect(try sample.activate(sample.new.code, by: sample.a).outcome == .refused(.licenseExpired))
        sample.context.now = midnight - 1
        guard case .granted = try sample.activate(sample.new.code, by: sample.a).outcome else {
            Issue.record("the code was refused on its last day")
            return
        }
        sample.context.now = midnight + 1_000_000
        #expect(
            try sample.activate(sample.new.code, by: sample.a).outcome
                == .granted(license: sample.new.number, tokens: sample.tokens(sample.new)),
            "a code that was used once works for ever"
        )
        #expect(
            try sample.activate(sample.new.code, by: sample.c).outcome == .refused(.licenseOfOtherProduct),
            "also past its day the license of another unit is that"
        )
    }

    @Test func `a code without a last day never runs out`() throws {
        var sample = try Sample()
        sample.registry.licenses[sample.new.number]?.validUntil = nil
        sample.context.now = 250_000_000_000
        guard case .granted = try sample.activate(sample.new.code, by: sample.a).outcome else {
            Issue.record("the code was refused")
            return
        }
    }

    @Test func `activating again changes nothing and leaves assigned tokens alone`() throws {
        var sample = try Sample()
        let first = try sample.activate(sample.new.code, by: sample.a)
        let tokens = sample.tokens(sample.new)
        _ = sample.provision([try sample.order(tokens[0])], by: sample.a)
        let before = sample.registry.document
        let again = try sample.activate(sample.new.code, by: sample.a)
        #expect(again.outcome == first.outcome)
        #expect(again.changes.isEmpty)
        #expect(sample.registry.document == before)
    }

    @Test func `activating again binds members that are newly registered`() throws {
        var sample = try Sample()
        let list = [sample.a, sample.b, sample.u]
        _ = try sample.activate(sample.new.code, by: sample.a, with: list)
        sample.registry.devices[sample.u]?.isRegistered = true
        _ = try sample.activate(sample.new.code, by: sample.a, with: list)
        #expect(sample.registry.licenses[sample.new.number]?.cluster == list)
    }

    @Test func `a license that sits on the peer fails on the primary`() throws {
        var sample = try Sample()
        let ruling = try sample.activate(sample.peer.code, by: sample.a, with: [sample.a, sample.b])
        #expect(ruling.outcome == .refused(.licenseOfOtherProduct))
        #expect(ruling.changes.isEmpty)
    }

    @Test func `after a failover the bound peer activates, and newcomers are bound`() throws {
        var sample = try Sample()
        let ruling = try sample.activate(sample.pair.code, by: sample.b, with: [sample.b, sample.a, sample.c])
        #expect(ruling.outcome == .granted(license: sample.pair.number, tokens: sample.tokens(sample.pair)))
        let license = try #require(sample.registry.licenses[sample.pair.number])
        #expect(license.owner == sample.a)
        #expect(license.cluster == [sample.a, sample.b, sample.c])
    }

    @Test func `a former owner does not redeem the code, not within its grace either`() throws {
        var sample = try Sample()
        sample.registry.licenses[sample.pair.number]?.grace = License.Grace(
            unit: sample.c,
            until: sample.context.now + 1
        )
        // Using goes on meanwhile; redeeming is the owner's, or a bound member's that lists it.
        #expect(sample.poll(sample.tokens(sample.pair), by: sample.c).outcome.refusal == nil)
        let within = try sample.activate(sample.pair.code, by: sample.c, with: [sample.c, sample.b])
        #expect(within.outcome == .refused(.licenseOfOtherProduct))
        #expect(within.changes.isEmpty)
    }
}

@Suite struct Trials {
    @Test func `a unit without a trial gets one from its serial`() throws {
        var sample = try Sample()
        guard
            case .granted(let number, let tokens) =
                try sample.activate(.trial, by: sample.a, with: [sample.b, sample.u])
                .outcome
        else {
            Issue.record("the trial was refused")
            return
        }
        #expect(number.isTrial)
        #expect(tokens.count == 2)
        #expect(Set(tokens.map { String($0.description.prefix(8)) }).count == 1, "the tokens share two digits")
        let license = try #require(sample.registry.licenses[number])
        #expect(license.owner == sample.a)
        #expect(license.cluster == [sample.a, sample.b])
        #expect(license.code == nil)
        #expect(license.size == 2)
        #expect(license.activatedAt == sample.context.now)
    }

    @Test func `every lab derives the same trial, whatever its seed`() throws {
        var sample = try Sample()
        var other = try Sample()
        other.context.chance = Chance(seed: 77)
        let unit = try serial("FGT60FTK20000001")
        sample.registry.devices[unit] = Device(serial: unit, isRegistered: true)
        other.registry.devices[unit] = Device(serial: unit, isRegistered: true)
        // Worked out apart from this program, from the description of the derivation.
        let expected = ActivationOutcome.granted(
            license: try number("FTMTRIALBFD1A66A"),
            tokens: [try token("FTKMOB9C4CEBB0FC"), try token("FTKMOB9CB29EB66F")]
        )
        #expect(try sample.activate(.trial, by: unit).outcome == expected)
        #expect(try other.activate(.trial, by: unit).outcome == expected)
    }

    @Test func `two units get different trials`() throws {
        var sample = try Sample()
        let first = try sample.activate(.trial, by: sample.a)
        #expect(try sample.activate(.trial, by: sample.b).outcome != first.outcome)
    }

    @Test func `a number or a token that is taken is passed over, always in the same way`() throws {
        var sample = try Sample()
        guard case .granted(let number, let tokens) = try sample.activate(.trial, by: sample.a).outcome else {
            Issue.record("the trial was refused")
            return
        }
        var crowded = try Sample()
        crowded.registry.licenses[number] = License(number: number, size: 2, owner: sample.c)
        crowded.registry.tokens[tokens[0]] = Token(serial: tokens[0], license: sample.pair.number)
        let first = Rules(crowded.registry, crowded.context)
            .activate(ActivationLicenseRequest(header: crowded.header(sample.a), code: .trial))
        guard case .granted(let other, let others) = first.outcome else {
            Issue.record("the trial was refused")
            return
        }
        #expect(other != number)
        #expect(!others.contains(tokens[0]))
        #expect(Set(others).count == 2)
        #expect(try crowded.activate(.trial, by: sample.a) == first)
    }

    @Test func `the trial that a unit owns is its trial`() throws {
        var sample = try Sample()
        let owned = License(number: try number("FTMTRIAL02062407"), size: 2, owner: sample.a)
        sample.registry.licenses[owned.number] = owned
        let tokens = [try token("FTKMOB83712DC7FE"), try token("FTKMOB83F91CD33B")]
        for token in tokens {
            sample.registry.tokens[token] = Token(serial: token, license: owned.number)
        }
        let ruling = try sample.activate(.trial, by: sample.a)
        #expect(ruling.outcome == .granted(license: owned.number, tokens: tokens))
        #expect(sample.registry.licenses[owned.number]?.cluster == [sample.a])
    }

    @Test func `importing again gives the same tokens, free again but as locked as before`() throws {
        var sample = try Sample()
        let first = try sample.activate(.trial, by: sample.a)
        guard case .granted(_, let tokens) = first.outcome else {
            Issue.record("the trial was refused")
            return
        }
        _ = sample.provision([try sample.order(tokens[0]), try sample.order(tokens[1])], by: sample.a)
        sample.registry.tokens[tokens[1]]?.isLocked = true
        #expect(try sample.activate(.trial, by: sample.a).outcome == first.outcome)
        #expect(sample.registry.tokens[tokens[0]]?.state(at: sample.context.now) == .available)
        #expect(sample.registry.tokens[tokens[1]]?.provisioning == nil)
        #expect(sample.registry.tokens[tokens[1]]?.state(at: sample.context.now) == .locked)
    }

    @Test func `a stale trial's tokens are foreign until it is imported again`() throws {
        var sample = try Sample()
        guard case .granted(let number, let tokens) = try sample.activate(.trial, by: sample.a).outcome else {
            Issue.record("the trial was refused")
            return
        }
        sample.registry.licenses[number]?.isStale = true
        #expect(sample.poll(tokens, by: sample.a).outcome.refusal == .noValidToken)
        let ruling = sample.provision([try sample.order(tokens[0])], by: sample.a)
        #expect(ruling.outcome.refusals == [.tokenOfOtherProduct])
        _ = try sample.activate(.trial, by: sample.a)
        #expect(sample.poll(tokens, by: sample.a).outcome.refusal == nil)
    }

    @Test func `a revoked trial is not found, and no other is made`() throws {
        var sample = try Sample()
        guard case .granted(let number, _) = try sample.activate(.trial, by: sample.a).outcome else {
            Issue.record("the trial was refused")
            return
        }
        sample.registry.licenses[number]?.isRevoked = true
        #expect(try sample.activate(.trial, by: sample.a).outcome == .refused(.licenseNotFound))
    }
}
