import Registry
import SoftToken
import Testing

/// What the operator's operations do, over dictionaries.
@Suite("Operations") struct OperationTests {
    var sample: Sample

    init() throws { sample = try Sample() }

    // MARK: - Devices

    @Test mutating func `a device is added once, changed and removed`() throws {
        let device = Device(serial: try serial("FG-N"), isRegistered: false)
        #expect(sample.operate(.addDevice(device)) == .device(device))
        #expect(sample.operate(.addDevice(device)).refusal?.kind == .conflict)
        let patch = DevicePatch(registered: true, model: "FortiGate-60F")
        #expect(
            sample.operate(.changeDevice(device.serial, patch))
                == .device(Device(serial: device.serial, isRegistered: true, model: "FortiGate-60F"))
        )
        let without = DevicePatch(model: .some(nil))
        #expect(
            sample.operate(.changeDevice(device.serial, without))
                == .device(Device(serial: device.serial, isRegistered: true))
        )
        #expect(sample.operate(.removeDevice(device.serial)) == .removed)
        #expect(sample.operate(.removeDevice(device.serial)).refusal?.kind == .notFound)
    }

    @Test mutating func `a device that a license names stays, as owner, as member or within a grace`() throws {
        for unit in [sample.a, sample.b] {
            let refusal = try #require(sample.operate(.removeDevice(unit)).refusal)
            #expect(refusal.kind == .conflict)
            #expect(refusal.reason.contains("EFTM000000000002"))
        }
        _ = sample.operate(.transferLicense(sample.pair.number, to: sample.c, graceSeconds: 60))
        #expect(sample.operate(.removeDevice(sample.a)).refusal?.kind == .conflict)
    }

    @Test mutating func `a replacement gets every license, in its bindings and clusters`() throws {
        let outcome = sample.operate(.replaceDevice(sample.b, with: sample.c))
        #expect(outcome == .moved([sample.peer.number]))
        #expect(sample.registry.licenses[sample.peer.number]?.owner == sample.c)
        #expect(sample.registry.licenses[sample.pair.number]?.cluster == [sample.a, sample.c])
        #expect(sample.poll(sample.tokens(sample.peer), by: sample.b).outcome.refusal == .noValidToken)
        #expect(sample.poll(sample.tokens(sample.peer), by: sample.c).outcome.refusal == nil)
    }

    @Test mutating func `a replacement keeps a trial of its own, and so does the returned unit`() throws {
        for unit in [sample.a, sample.b] { _ = try sample.activate(.trial, by: unit) }
        guard case .moved(let moved) = sample.operate(.replaceDevice(sample.a, with: sample.b)) else {
            Issue.record("not moved")
            return
        }
        #expect(moved == [sample.pair.number])
        #expect(sample.registry.trial(of: sample.a) != nil)
        #expect(sample.registry.licenses.values.filter { $0.owner == sample.b && $0.number.isTrial }.count == 1)
    }

    @Test mutating func `only a known, registered and other unit takes over`() throws {
        let cases = [(sample.unknown, OperationRefusal.Kind.invalid), (sample.u, .conflict), (sample.a, .invalid)]
        for (unit, kind) in cases {
            #expect(sample.operate(.replaceDevice(sample.a, with: unit)).refusal?.kind == kind)
            let transfer = RegistryOperation.transferLicense(sample.pair.number, to: unit, graceSeconds: 0)
            #expect(sample.operate(transfer).refusal?.kind == kind)
        }
        #expect(sample.operate(.replaceDevice(sample.unknown, with: sample.a)).refusal?.kind == .notFound)
    }

    // MARK: - Licenses

    @Test mutating func `what a draft leaves open is drawn, unique, and the same for the same seed`() throws {
        var other = sample
        var numbers: Set<LicenseNumber> = []
        for _ in 0..<20 {
            let outcome = sample.operate(.issueLicense(LicenseDraft(size: 3)))
            guard case .license(let license, let tokens) = outcome else {
                Issue.record("not issued")
                return
            }
            #expect(outcome == other.operate(.issueLicense(LicenseDraft(size: 3))))
            #expect(numbers.insert(license.number).inserted)
            #expect(license.code?.isTrial == false)
            #expect(tokens.count == 3 && tokens == sample.tokens(license))
        }
        #expect(Set(sample.registry.licenses.values.compactMap(\.code)).count == sample.registry.licenses.count)
    }

    @Test mutating func `a license is issued as it is asked for, and redeemed`() throws {
        let draft = LicenseDraft(
            size: 2,
            number: try number("EFTM000000000077"),
            code: try code("7777-7777-7777-7777-7777"),
            validUntil: try day("2099-01-01"),
            tokens: [try token("FTKMOB0000000077")]
        )
        guard case .license(let license, let tokens) = sample.operate(.issueLicense(draft)) else {
            Issue.record("not issued")
            return
        }
        #expect(license.number == draft.number && license.validUntil == draft.validUntil)
        #expect(tokens.count == 2 && tokens.contains(draft.tokens[0]))
        let granted = try sample.activate(draft.code, by: sample.c)
        #expect(granted.outcome == .granted(license: license.number, tokens: tokens))
    }

    @Test mutating func `a draft that contradicts what is there is refused`() throws {
        let taken = sample.tokens(sample.pair)[0]
        let free = try token("FTKMOB0000000077")
        let drafts = [
            (LicenseDraft(size: 1, number: sample.new.number), OperationRefusal.Kind.conflict),
            (LicenseDraft(size: 1, code: sample.new.code), .conflict),
            (LicenseDraft(size: 1, tokens: [taken]), .conflict),
            (LicenseDraft(size: 1, tokens: [free, free]), .invalid),
            (LicenseDraft(size: 2, tokens: [free, free]), .invalid),
        ]
        let before = sample.registry.document
        for (draft, kind) in drafts { #expect(sample.operate(.issueLicense(draft)).refusal?.kind == kind) }
        #expect(sample.registry.document == before)
    }

    @Test mutating func `a license good until tomorrow has run out two days later`() throws {
        let today = try #require(CalendarDay(containing: sample.context.now))
        let tomorrow = try #require(CalendarDay(daysSinceEpoch: today.daysSinceEpoch + 1))
        let draft = LicenseDraft(size: 1, code: try code("7777-7777-7777-7777-7777"), validUntil: tomorrow)
        _ = sample.operate(.issueLicense(draft))
        sample.context.now += 2 * 86_400
        #expect(try sample.activate(draft.code, by: sample.a).outcome == .refused(.licenseExpired))
    }

    @Test mutating func `a revoked code redeems nothing until it is good again`() throws {
        let number = sample.new.number
        _ = sample.operate(.changeLicense(number, LicensePatch(revoked: true)))
        #expect(try sample.activate(sample.new.code, by: sample.a).outcome == .refused(.licenseNotFound))
        _ = sample.operate(.changeLicense(number, LicensePatch(revoked: false)))
        #expect(try sample.activate(sample.new.code, by: sample.a).outcome != .refused(.licenseNotFound))
    }

    @Test mutating func `a removed license takes its tokens with it`() throws {
        let tokens = sample.tokens(sample.pair)
        #expect(sample.operate(.removeLicense(sample.pair.number)) == .removed)
        for token in tokens { #expect(sample.registry.tokens[token] == nil) }
        #expect(sample.operate(.removeLicense(sample.pair.number)).refusal?.kind == .notFound)
    }

    // MARK: - Transfer

    @Test mutating func `within its grace the former owner is covered, and what it lodged lapses with it`() throws {
        let tokens = sample.tokens(sample.pair)
        _ = sample.provision([try sample.order(tokens[0])], by: sample.a)
        _ = sample.operate(.transferLicense(sample.pair.number, to: sample.c, graceSeconds: 3600))
        for unit in [sample.a, sample.c] {
            let poll = sample.poll([tokens[0]], by: unit).outcome
            #expect(poll.refusal == nil && poll.states == [.pending])
        }
        // A member of the old cluster, the owner listed, has lost it at once.
        #expect(sample.poll([tokens[0]], by: sample.b, with: [sample.b, sample.a]).outcome.refusal == .noValidToken)
        // What the new owner lodges stays; what the former one still lodges does not.
        _ = sample.provision([try sample.order(tokens[0], seed: "C", minutes: 120)], by: sample.c)
        _ = sample.provision([try sample.order(tokens[1], seed: "D", minutes: 120)], by: sample.a)
        sample.context.now += 3599
        #expect(sample.poll(tokens, by: sample.a).outcome.states == [.pending, .pending])
        sample.context.now += 1
        #expect(sample.poll(tokens, by: sample.a).outcome.refusal == .noValidToken)
        #expect(sample.poll(tokens, by: sample.c).outcome.states == [.pending, .available])
    }

    @Test mutating func `a code that lapsed with a grace is good for no phone`() throws {
        let token = sample.tokens(sample.pair)[0]
        let lodged = sample.provision([try sample.order(token, minutes: 10_080)], by: sample.a)
        let claim = try #require(lodged.outcome.codes.first).claim
        _ = sample.operate(.transferLicense(sample.pair.number, to: sample.c, graceSeconds: 60))
        #expect(sample.claim(claim, phone: "P").outcome != .refused(.activationCodeInvalid))
        sample.context.now += 60
        #expect(sample.claim(claim, phone: "P").outcome == .refused(.activationCodeInvalid))
    }

    @Test mutating func `without a grace the tokens are available at once`() throws {
        let token = sample.tokens(sample.pair)[0]
        _ = sample.provision([try sample.order(token)], by: sample.a)
        _ = sample.operate(.transferLicense(sample.pair.number, to: sample.c, graceSeconds: 0))
        #expect(sample.registry.tokens[token]?.provisioning == nil)
        #expect(sample.poll([token], by: sample.a).outcome.refusal == .noValidToken)
        #expect(sample.registry.licenses[sample.pair.number]?.cluster == [sample.c])
    }

    @Test mutating func `a trial stays with its unit, and an unused license needs no transfer`() throws {
        _ = try sample.activate(.trial, by: sample.a)
        let trial = try #require(sample.registry.trial(of: sample.a)).number
        for number in [trial, sample.new.number] {
            let outcome = sample.operate(.transferLicense(number, to: sample.c, graceSeconds: 0))
            #expect(outcome.refusal?.kind == .conflict)
        }
        let far = RegistryOperation.transferLicense(sample.pair.number, to: sample.c, graceSeconds: .max)
        #expect(sample.operate(far).refusal?.kind == .invalid)
    }

    // MARK: - Tokens

    @Test mutating func `a token is locked, unlocked, released, and its code expired`() throws {
        let one = sample.tokens(sample.pair)[0]
        func state() -> TokenState? { sample.registry.tokens[one]?.state(at: sample.context.now) }
        #expect(sample.operate(.expire(one)).refusal?.kind == .conflict)
        _ = sample.provision([try sample.order(one)], by: sample.a)
        _ = sample.operate(.lock(one))
        #expect(state() == .locked)
        #expect(sample.operate(.release(one)).refusal?.kind == .conflict)
        #expect(sample.operate(.expire(one)).refusal?.kind == .conflict)
        _ = sample.operate(.unlock(one))
        #expect(state() == .pending, "a lock forgets nothing")
        _ = sample.operate(.expire(one))
        #expect(state() == .expired)
        _ = sample.operate(.release(one))
        #expect(state() == .available)
        let missing = try token("FTKMOB00000000FF")
        for operation in [RegistryOperation.lock(missing), .unlock(missing), .release(missing), .expire(missing)] {
            #expect(sample.operate(operation).refusal?.kind == .notFound)
        }
    }

    @Test mutating func `a trial is reset as importing it again resets it`() throws {
        _ = try sample.activate(.trial, by: sample.a)
        var trial = try #require(sample.registry.trial(of: sample.a))
        let tokens = sample.tokens(trial)
        _ = sample.provision([try sample.order(tokens[0])], by: sample.a)
        trial.isStale = true
        sample.registry.licenses[trial.number] = trial
        #expect(sample.poll(tokens, by: sample.a).outcome.refusal == .noValidToken)
        _ = sample.operate(.resetTrial(trial.number))
        #expect(sample.poll(tokens, by: sample.a).outcome.states == [.available, .available])
        #expect(sample.operate(.resetTrial(sample.pair.number)).refusal?.kind == .conflict)
    }
}
