import Notation
import Registry
import SoftToken
import TestKit
import Testing

@Suite struct LicenseOperations {
    @Test func `a license is issued with a number, a code and tokens of its own, the same in every run`() throws {
        var one = try Sample()
        var other = try Sample()
        let first = one.perform(.issueLicense(LicenseDraft(size: 5)))
        #expect(first == other.perform(.issueLicense(LicenseDraft(size: 5))))
        guard case .license(let license, let tokens) = first,
            case .license(let second, let others) = one.perform(.issueLicense(LicenseDraft(size: 5)))
        else {
            Issue.record("a license was refused")
            return
        }
        #expect(license.number != second.number)
        #expect(license.code != second.code)
        #expect(Set(tokens + others).count == 10)
        #expect(tokens == tokens.sorted())
        #expect(one.registry.tokenSerials(of: license.number) == tokens)
        #expect(try one.activate(license.code, by: one.c).outcome == .granted(license: license.number, tokens: tokens))
        #expect(one.registry.draws[.licenseNumbers] == 2, "chance goes on where it stopped")
    }

    @Test func `a license is issued as it is asked for`() throws {
        var sample = try Sample()
        let draft = LicenseDraft(
            size: 3,
            number: try number("EFTM000000000009"),
            code: try code("9999-9999-9999-9999-9999"),
            validUntil: try day("2027-11-21"),
            isTransferable: false,
            tokens: [try token("FTKMOB00000000F2"), try token("FTKMOB00000000F1")]
        )
        guard case .license(let license, let tokens) = sample.perform(.issueLicense(draft)) else {
            Issue.record("the license was refused")
            return
        }
        #expect(license.number == draft.number)
        #expect(license.code == draft.code)
        #expect(license.validUntil == draft.validUntil)
        #expect(!license.isTransferable)
        #expect(tokens.count == 3)
        #expect(Set(draft.tokens).isSubset(of: tokens))
    }

    @Test func `of a trial nobody says whether it may be transferred`() throws {
        var sample = try Sample()
        guard case .granted(let trial, _) = try sample.activate(.trial, by: sample.a).outcome else { return }
        for isTransferable in [true, false] {
            #expect(
                sample.perform(.changeLicense(trial, LicensePatch(isTransferable: isTransferable)))
                    == .refused(.conflict("license \(trial) is a trial, which stays with its unit"))
            )
        }
    }

    @Test func `what is drawn is unlike everything that is there`() throws {
        var sample = try Sample()
        guard case .license(let first, let tokens) = sample.perform(.issueLicense(LicenseDraft(size: 2))) else {
            Issue.record("the license was refused")
            return
        }
        // The same draws again, over a registry that holds what they gave.
        sample.registry.draws = [:]
        guard case .license(let second, let others) = sample.perform(.issueLicense(LicenseDraft(size: 2))) else {
            Issue.record("the license was refused")
            return
        }
        #expect(first.number != second.number)
        #expect(first.code != second.code)
        #expect(Set(tokens).isDisjoint(with: others))
        sample.registry.licenses[first.number] = nil
        sample.registry.draws = [:]
        let again = LicenseDraft(size: 2, number: first.number, code: try code("9999-9999-9999-9999-9999"))
        guard case .license(_, let third) = sample.perform(.issueLicense(again)) else {
            Issue.record("the license was refused")
            return
        }
        #expect(Set(tokens).isDisjoint(with: third))
    }

    @Test func `a draft that contradicts itself or the registry is refused`() throws {
        var sample = try Sample()
        let before = sample.registry.document
        let taken = sample.tokens(sample.pair)[0]
        let new = try token("FTKMOB00000000F2")
        let cases: [(LicenseDraft, OperationRefusal)] = [
            (LicenseDraft(size: 0), .invalid("a license has 1 to 100000 tokens")),
            (LicenseDraft(size: 100_001), .invalid("a license has 1 to 100000 tokens")),
            (
                LicenseDraft(size: 2, number: LicenseNumber(trial: 7)),
                .invalid("a trial is not issued: its unit imports it")
            ),
            (LicenseDraft(size: 1, code: .trial), .invalid("the zeros are the code of every unit's trial")),
            (LicenseDraft(size: 1, tokens: [new, taken]), .conflict("2 tokens are listed, and the size is 1")),
            (LicenseDraft(size: 2, tokens: [new, new]), .invalid("token FTKMOB00000000F2 is listed twice")),
            (
                LicenseDraft(size: 2, tokens: [taken]),
                .conflict("token \(taken) belongs to license EFTM000000000002")
            ),
            (
                LicenseDraft(size: 2, number: sample.pair.number),
                .conflict("license EFTM000000000002 is there already")
            ),
            (
                LicenseDraft(size: 2, code: sample.pair.code),
                .conflict("license EFTM000000000002 has the same code")
            ),
        ]
        for (draft, refusal) in cases {
            #expect(sample.perform(.issueLicense(draft)) == .refused(refusal))
        }
        #expect(sample.registry.document == before)
    }

    @Test func `a registry takes no more tokens than a document can hold`() throws {
        var sample = try Sample()
        sample.registry.licenses[sample.new.number]?.size = License.tokenLimit - 10
        let refusal = OperationRefusal.conflict("the licenses would have more than 1000000 tokens together")
        #expect(sample.perform(.issueLicense(LicenseDraft(size: 8))) == .refused(refusal))
        guard case .license = sample.perform(.issueLicense(LicenseDraft(size: 7))) else {
            Issue.record("the last tokens were refused")
            return
        }
    }

    @Test func `a license valid until tomorrow has run out two days on`() throws {
        var sample = try Sample()
        let tomorrow = try #require(CalendarDay(containing: sample.context.now + 86_400))
        let patch = LicensePatch(validUntil: .set(tomorrow))
        guard case .license(let license, let tokens) = sample.perform(.changeLicense(sample.new.number, patch)) else {
            Issue.record("the change was refused")
            return
        }
        #expect(license.validUntil == tomorrow)
        #expect(tokens == sample.tokens(sample.new))
        sample.context.now += 2 * 86_400
        #expect(try sample.activate(sample.new.code, by: sample.a).outcome == .refused(.licenseExpired))
        _ = sample.perform(.changeLicense(sample.new.number, LicensePatch(validUntil: .remove)))
        #expect(
            try sample.activate(sample.new.code, by: sample.a).outcome
                == .granted(license: sample.new.number, tokens: tokens)
        )
    }

    @Test func `a revoked license is not found, until it is reinstated`() throws {
        var sample = try Sample()
        _ = sample.perform(.changeLicense(sample.pair.number, LicensePatch(isRevoked: true)))
        #expect(try sample.activate(sample.pair.code, by: sample.a).outcome == .refused(.licenseNotFound))
        #expect(sample.poll(sample.tokens(sample.pair), by: sample.a).outcome.refusal == nil)
        _ = sample.perform(.changeLicense(sample.pair.number, LicensePatch(isRevoked: false)))
        #expect(try sample.activate(sample.pair.code, by: sample.a).outcome != .refused(.licenseNotFound))
    }

    @Test func `a trial has no last day, and a license that is no trial can't be reset`() throws {
        var sample = try Sample()
        _ = try sample.activate(.trial, by: sample.a)
        let trial = try #require(sample.registry.trial(of: sample.a)?.number)
        let patch = LicensePatch(validUntil: .set(try day("2027-11-21")))
        #expect(
            sample.perform(.changeLicense(trial, patch))
                == .refused(.conflict("license \(trial) is a trial, which has no last day"))
        )
        #expect(
            sample.perform(.resetTrial(sample.pair.number))
                == .refused(.conflict("license EFTM000000000002 is no trial"))
        )
        let missing = try number("EFTM000000000099")
        for operation: RegistryOperation in [
            .changeLicense(missing, LicensePatch()), .removeLicense(missing), .resetTrial(missing),
            .transferLicense(missing, to: sample.a, graceSeconds: 0),
        ] {
            #expect(sample.perform(operation) == .refused(.notFound(.license, name: "EFTM000000000099")))
        }
    }

    @Test func `resetting a trial does what sending the zeros again does`() throws {
        var sample = try Sample()
        _ = try sample.activate(.trial, by: sample.a)
        let trial = try #require(sample.registry.trial(of: sample.a))
        let tokens = sample.tokens(trial)
        _ = sample.provision(try tokens.map { try sample.order($0) }, by: sample.a)
        sample.registry.tokens[tokens[1]]?.isLocked = true
        sample.registry.licenses[trial.number]?.isStale = true
        var other = sample
        _ = try other.activate(.trial, by: sample.a)
        #expect(sample.perform(.resetTrial(trial.number)) == .license(trial, tokens: tokens))
        #expect(sample.registry.document == other.registry.document)
        #expect(sample.poll(tokens, by: sample.a).outcome.states == [.available, .locked])
    }

    @Test func `a license is removed with its tokens`() throws {
        var sample = try Sample()
        let tokens = sample.tokens(sample.pair)
        #expect(sample.perform(.removeLicense(sample.pair.number)) == .removed)
        #expect(sample.registry.licenses[sample.pair.number] == nil)
        #expect(tokens.allSatisfy { sample.registry.tokens[$0] == nil })
        #expect(try sample.activate(sample.pair.code, by: sample.a).outcome == .refused(.licenseNotFound))
    }
}
