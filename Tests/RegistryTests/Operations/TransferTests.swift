import Documents
import Notation
import Registry
import SoftToken
import TestKit
import Testing

@Suite struct Transfers {
    var sample: Sample
    let license: LicenseNumber
    let tokens: [TokenSerial]

    init() throws {
        sample = try Sample()
        license = sample.pair.number
        tokens = sample.tokens(sample.pair)
    }

    private func state(_ token: TokenSerial) -> TokenState? {
        sample.registry.tokens[token]?.state(at: sample.context.now)
    }

    private mutating func transfer(to unit: Serial, grace: Int64) -> OperationOutcome {
        sample.perform(.transferLicense(license, to: unit, graceSeconds: grace))
    }

    @Test mutating func `with an hour's grace both units are covered, and an hour later the old one is not`() throws {
        // The codes themselves hold for longer than the grace.
        let order = try sample.order(tokens[0], minutes: 600)
        let old = try #require(sample.provision([order], by: sample.a).outcome.codes.first)
        guard case .license(let moved, let serials) = transfer(to: sample.c, grace: 3_600) else {
            Issue.record("the transfer was refused")
            return
        }
        #expect(moved.owner == sample.c)
        #expect(moved.cluster == [sample.c])
        #expect(moved.grace == License.Grace(unit: sample.a, until: sample.context.now + 3_600))
        #expect(serials == tokens)
        for unit in [sample.a, sample.c] {
            #expect(sample.poll(tokens, by: unit).outcome.states == [.pending, .available], "\(unit)")
        }
        #expect(sample.poll(tokens, by: sample.b, with: [sample.b, sample.a]).outcome.states == [nil, nil])
        #expect(sample.claim(old.claim, phone: "phone").outcome == .granted(token: tokens[0], seed: try seed()))
        let during = sample.provision([try sample.order(tokens[1], minutes: 600)], by: sample.a).outcome.codes
        #expect(during.count == 1)

        sample.context.now += 3_599
        #expect(sample.poll(tokens, by: sample.a).outcome.states == [.provisioned, .pending])
        sample.context.now += 1
        let after = sample.poll(tokens, by: sample.a).outcome
        #expect(after.refusal == .noValidToken)
        #expect(after.states == [nil, nil])
        #expect(sample.poll(tokens, by: sample.c).outcome.states == [.available, .available])
        for code in [old, during[0]] {
            #expect(sample.claim(code.claim, phone: "phone").outcome == .refused(.activationCodeInvalid))
        }
        guard case .found(let polled) = sample.poll(tokens, by: sample.c).outcome.tokens.first else { return }
        #expect(polled.registrationID == nil)
    }

    // FC-205363: what is sold since 2025 is not transferable, but for a replacement.
    @Test mutating func `a license that is not transferable stays, until its unit is replaced`() throws {
        let patch = LicensePatch(isTransferable: false)
        guard case .license(let changed, _) = sample.perform(.changeLicense(license, patch)) else { return }
        #expect(!changed.isTransferable)
        let before = sample.registry.document
        #expect(
            transfer(to: sample.c, grace: 60)
                == .refused(
                    .conflict("license \(license) is not transferable: only a replacement of its unit moves it")
                )
        )
        #expect(sample.registry.document == before)
        _ = sample.perform(.replaceDevice(sample.a, with: sample.c))
        #expect(sample.registry.licenses[license]?.owner == sample.c)
        _ = sample.perform(.changeLicense(license, LicensePatch(isTransferable: true)))
        guard case .license = transfer(to: sample.b, grace: 0) else {
            Issue.record("a license that may be transferred again was refused")
            return
        }
    }

    @Test mutating func `what the new owner lodges does not lapse`() throws {
        _ = transfer(to: sample.c, grace: 3_600)
        let code = try #require(
            sample.provision([try sample.order(tokens[0], minutes: 120)], by: sample.c).outcome.codes.first
        )
        sample.context.now += 3_600
        #expect(state(tokens[0]) == .pending)
        #expect(sample.claim(code.claim, phone: "phone").outcome == .granted(token: tokens[0], seed: try seed()))
        #expect(state(tokens[0]) == .provisioned)
    }

    @Test mutating func `a former owner that the new one binds in its cluster is no guest`() throws {
        _ = transfer(to: sample.c, grace: 3_600)
        _ = try sample.activate(sample.pair.code, by: sample.c, with: [sample.c, sample.a])
        _ = sample.provision([try sample.order(tokens[0])], by: sample.a, with: [sample.a, sample.c])
        _ = sample.provision([try sample.order(tokens[1])], by: sample.a, with: [sample.a])
        #expect(sample.registry.tokens[tokens[0]]?.provisioning?.lapses == nil)
        #expect(sample.registry.tokens[tokens[1]]?.provisioning?.lapses == sample.context.now + 3_600)
    }

    @Test mutating func `without a grace the tokens are available at once, a lock aside`() throws {
        let codes = sample.provision(try tokens.map { try sample.order($0) }, by: sample.a).outcome.codes
        sample.registry.tokens[tokens[1]]?.isLocked = true
        _ = transfer(to: sample.c, grace: 0)
        #expect(sample.poll(tokens, by: sample.c).outcome.states == [.available, .locked])
        #expect(sample.poll(tokens, by: sample.a).outcome.refusal == .noValidToken)
        #expect(sample.claim(codes[0].claim, phone: "phone").outcome == .refused(.activationCodeInvalid))
        #expect(sample.registry.licenses[license]?.grace == nil)
        #expect(sample.registry.tokens.values.allSatisfy { $0.provisioning == nil })
    }

    @Test mutating func `a second transfer ends the first one's grace`() throws {
        _ = transfer(to: sample.c, grace: 3_600)
        _ = sample.provision([try sample.order(tokens[0])], by: sample.a)
        _ = sample.provision([try sample.order(tokens[1])], by: sample.c)
        _ = transfer(to: sample.b, grace: 60)
        #expect(sample.registry.licenses[license]?.grace?.unit == sample.c)
        #expect(state(tokens[0]) == .available, "the first owner's")
        #expect(state(tokens[1]) == .pending)
        sample.context.now += 60
        #expect(state(tokens[1]) == .available)
    }

    @Test(arguments: [0, 60] as [Int64])
    mutating func `a license that goes back keeps what its unit lodged`(grace: Int64) throws {
        _ = sample.provision([try sample.order(tokens[0])], by: sample.a)
        _ = transfer(to: sample.c, grace: 3_600)
        _ = sample.provision([try sample.order(tokens[1])], by: sample.c)
        _ = transfer(to: sample.a, grace: grace)
        #expect(state(tokens[0]) == .pending)
        #expect(sample.registry.tokens[tokens[0]]?.provisioning?.lapses == nil)
        #expect(state(tokens[1]) == (grace == 0 ? .available : .pending))
        sample.context.now += 60
        #expect(state(tokens[1]) == .available)
    }

    @Test mutating func `what has lapsed is gone for good with the next transfer`() throws {
        _ = sample.provision([try sample.order(tokens[0])], by: sample.a)
        _ = transfer(to: sample.c, grace: 60)
        sample.context.now += 60
        _ = transfer(to: sample.a, grace: 60)
        #expect(sample.registry.tokens[tokens[0]]?.provisioning == nil)
    }

    @Test mutating func `only an activated, bought license goes to another registered unit`() throws {
        _ = try sample.activate(.trial, by: sample.a)
        let trial = try #require(sample.registry.trial(of: sample.a)?.number)
        let before = sample.registry.document
        let cases: [(LicenseNumber, Serial, Int64, OperationRefusal)] = [
            (trial, sample.c, 0, .conflict("license \(trial) is a trial, which stays with its unit")),
            (
                sample.new.number, sample.c, 0,
                .conflict(
                    "license EFTM000000000001 is not activated, so there is nobody to transfer it from"
                )
            ),
            (license, sample.unknown, 0, .notFound(.device, name: "FG-X")),
            (license, sample.u, 0, .conflict("device FG-U is not registered")),
            (license, sample.a, 0, .conflict("license EFTM000000000002 belongs to device FG-A already")),
        ]
        for (number, unit, grace, refusal) in cases {
            #expect(
                sample.perform(.transferLicense(number, to: unit, graceSeconds: grace)) == .refused(refusal)
            )
        }
        for grace in [-1, 315_576_001, .max] as [Int64] {
            guard case .refused(.invalid) = transfer(to: sample.c, grace: grace) else {
                Issue.record("a grace of \(grace) seconds was taken")
                return
            }
        }
        sample.context.now = try day("9999-12-31").end - 10
        guard case .refused(.invalid) = transfer(to: sample.c, grace: 10) else {
            Issue.record("a grace that can't be written was taken")
            return
        }
        #expect(sample.registry.document == before)
    }

    @Test mutating func `an export with a grace under way loads back equal`() throws {
        _ = sample.provision(try tokens.map { try sample.order($0) }, by: sample.a)
        _ = sample.claim(sample.registry.tokens[tokens[0]]?.provisioning?.code.claim, phone: "phone")
        _ = transfer(to: sample.c, grace: 3_600)
        let document = sample.registry.document
        for now in [sample.context.now, sample.context.now + 3_600] {
            for text in [document.text(as: .yaml, now: now), document.text(as: .json, now: now)] {
                #expect(text.contains("lapses"))
                #expect(try RegistryDocument.read(text, chance: sample.context.chance) == document)
            }
        }
        let token = try #require(sample.registry.tokens[tokens[0]])
        let names = token.documentFields(now: sample.context.now + 3_600).map(\.name)
        #expect(names == ["serial", "license", "state"], "what has lapsed is no part of a token's resource")
    }
}
