import Registry
import SoftToken
import TestKit
import Testing

@Suite struct DeviceOperations {
    @Test func `a device is added once`() throws {
        var sample = try Sample()
        let device = Device(serial: sample.unknown, isRegistered: true, model: "FortiGate-60F")
        #expect(sample.perform(.addDevice(device)) == .device(device, licenses: []))
        #expect(sample.registry.devices[sample.unknown] == device)
        #expect(sample.perform(.addDevice(device)) == .refused(.conflict("device FG-X is there already")))
    }

    @Test(arguments: ["", String(repeating: "x", count: 65)])
    func `a model has 1 to 64 characters`(model: String) throws {
        var sample = try Sample()
        let refusal = OperationOutcome.refused(.invalid("a model is a text of 1 to 64 characters"))
        let device = Device(serial: sample.unknown, isRegistered: true, model: model)
        #expect(sample.perform(.addDevice(device)) == refusal)
        #expect(sample.perform(.changeDevice(sample.a, DevicePatch(model: .set(model)))) == refusal)
    }

    @Test func `a device changes in what the patch names, and tells its licenses`() throws {
        var sample = try Sample()
        let named = DevicePatch(model: .set("FortiGate-60F"))
        var device = Device(serial: sample.a, isRegistered: true, model: "FortiGate-60F")
        #expect(
            sample.perform(.changeDevice(sample.a, named)) == .device(device, licenses: [sample.pair.number]),
            "those it owns, not those whose cluster it is in"
        )
        #expect(sample.ruling(.changeDevice(sample.a, named)).changes.isEmpty, "nothing is left to change")
        device.isRegistered = false
        #expect(
            sample.perform(.changeDevice(sample.a, DevicePatch(isRegistered: false)))
                == .device(device, licenses: [sample.pair.number])
        )
        device.model = nil
        _ = sample.perform(.changeDevice(sample.a, DevicePatch(model: .remove)))
        #expect(sample.registry.devices[sample.a] == device)
        #expect(sample.poll(sample.tokens(sample.pair), by: sample.a).outcome.refusal == .productNotRegistered)
    }

    @Test func `what is not there is said not to be`() throws {
        var sample = try Sample()
        let missing = OperationOutcome.refused(.notFound(.device, name: "FG-X"))
        #expect(sample.perform(.changeDevice(sample.unknown, DevicePatch())) == missing)
        #expect(sample.perform(.removeDevice(sample.unknown)) == missing)
        #expect(sample.perform(.replaceDevice(sample.unknown, with: sample.a)) == missing)
        #expect(sample.perform(.replaceDevice(sample.a, with: sample.unknown)) == missing)
        #expect(OperationRefusal.notFound(.device, name: "FG-X").description == "no device FG-X")
    }

    @Test func `a device that a license names stays`() throws {
        var sample = try Sample()
        #expect(
            sample.perform(.removeDevice(sample.b))
                == .refused(.conflict("device FG-B is named by license EFTM000000000002 and 1 more"))
        )
        sample.registry.licenses[sample.pair.number]?.grace = License.Grace(
            unit: sample.c,
            until: sample.context.now + 1
        )
        #expect(
            sample.perform(.removeDevice(sample.c))
                == .refused(.conflict("device FG-C is named by license EFTM000000000002"))
        )
        sample.context.now += 1
        #expect(sample.perform(.removeDevice(sample.c)) == .removed, "a grace that has ended names nobody")
        #expect(sample.registry.licenses[sample.pair.number]?.grace == nil)
        #expect(sample.registry.devices[sample.c] == nil)
    }

    @Test func `a replacement gets every license that was bought, and phones go on`() throws {
        var sample = try Sample()
        let token = sample.tokens(sample.pair)[0]
        let code = try #require(sample.provision([try sample.order(token)], by: sample.a).outcome.codes.first)
        _ = try sample.activate(.trial, by: sample.a)
        let trial = try #require(sample.registry.trial(of: sample.a)?.number)
        sample.registry.licenses[sample.peer.number]?.grace = License.Grace(unit: sample.a, until: 9_000_000_000)

        let device = try #require(sample.registry.devices[sample.c])
        let moved = [sample.pair.number]
        #expect(
            sample.perform(.replaceDevice(sample.a, with: sample.c))
                == .replaced(device, licenses: moved, moved: moved, stayed: [trial])
        )
        #expect(sample.registry.licenses[sample.pair.number]?.owner == sample.c)
        #expect(sample.registry.licenses[sample.pair.number]?.cluster == [sample.c, sample.b])
        #expect(sample.registry.licenses[trial]?.owner == sample.a)
        #expect(sample.registry.licenses[sample.peer.number]?.grace?.unit == sample.c)
        #expect(sample.registry.licenses(naming: sample.a) == [trial])
        #expect(sample.claim(code.claim, phone: "phone").outcome == .granted(token: token, seed: try seed()))
        #expect(sample.poll([token], by: sample.c).outcome.states == [.provisioned])
        #expect(sample.poll([token], by: sample.a).outcome.states == [nil])
    }

    @Test func `a trial stays where it is when the replacement has its own`() throws {
        var sample = try Sample()
        for unit in [sample.a, sample.c] { _ = try sample.activate(.trial, by: unit) }
        let trials = [sample.a, sample.c].map { sample.registry.trial(of: $0)?.number }
        guard case .replaced(_, _, let moved, let stayed) = sample.perform(.replaceDevice(sample.a, with: sample.c))
        else {
            Issue.record("the replacement was refused")
            return
        }
        #expect(moved == [sample.pair.number])
        #expect(stayed == [trials[0]])
        #expect([sample.a, sample.c].map { sample.registry.trial(of: $0)?.number } == trials)
    }

    // A field report: a replacement took the trial along, so that a restored configuration worked where a real one
    // fails.
    @Test func `a trial's tokens fail on the new unit, which imports its own`() throws {
        var sample = try Sample()
        guard
            case .granted(let old, let tokens) = try sample.activate(.trial, by: sample.a, with: [sample.a, sample.b])
                .outcome
        else { return }
        _ = sample.perform(.replaceDevice(sample.a, with: sample.c))
        let ruling = sample.provision(try tokens.map { try sample.order($0) }, by: sample.c)
        #expect(ruling.outcome.refusals == [.tokenOfOtherProduct, .tokenOfOtherProduct])
        guard case .granted(let new, _) = try sample.activate(.trial, by: sample.c).outcome else { return }
        #expect(new != old)
        #expect(sample.registry.licenses[old]?.owner == sample.a)
        #expect(sample.registry.licenses[old]?.cluster == [sample.a, sample.b])
        #expect(sample.poll(tokens, by: sample.a).outcome.refusal == nil, "the old unit keeps it")
    }

    @Test func `a replacement that is asked for twice moves nothing the second time`() throws {
        var sample = try Sample()
        _ = try sample.activate(.trial, by: sample.a)
        let trial = try #require(sample.registry.trial(of: sample.a)?.number)
        _ = sample.perform(.replaceDevice(sample.a, with: sample.c))
        let before = sample.registry.document
        let device = try #require(sample.registry.devices[sample.c])
        #expect(
            sample.perform(.replaceDevice(sample.a, with: sample.c))
                == .replaced(device, licenses: [sample.pair.number], moved: [], stayed: [trial])
        )
        #expect(sample.registry.document == before)
    }

    @Test func `a license goes down a chain of replacements, and each trial stays where it was imported`() throws {
        var sample = try Sample()
        sample.registry.licenses[sample.pair.number]?.isTransferable = false
        for unit in [sample.a, sample.b] { _ = try sample.activate(.trial, by: unit) }
        let trials = [sample.a, sample.b].map { sample.registry.trial(of: $0)?.number }
        _ = sample.perform(.replaceDevice(sample.a, with: sample.b))
        _ = sample.perform(.replaceDevice(sample.b, with: sample.c))
        let license = try #require(sample.registry.licenses[sample.pair.number])
        #expect(license.owner == sample.c && license.cluster == [sample.c])
        #expect(!license.isTransferable, "what no transfer moves a replacement does")
        #expect([sample.a, sample.b].map { sample.registry.trial(of: $0)?.number } == trials)
        #expect(sample.registry.trial(of: sample.c) == nil)
        #expect(sample.registry.licenses(naming: sample.a) == [try #require(trials[0])])
    }

    @Test func `a replaced member takes its place in the clusters of others`() throws {
        var sample = try Sample()
        _ = sample.perform(.replaceDevice(sample.b, with: sample.c))
        #expect(sample.registry.licenses[sample.pair.number]?.cluster == [sample.a, sample.c])
        #expect(try sample.activate(sample.pair.code, by: sample.c, with: [sample.c, sample.a]).outcome.isGranted)
        #expect(try !sample.activate(sample.pair.code, by: sample.b, with: [sample.b, sample.a]).outcome.isGranted)
    }

    @Test func `a replacement that was in the cluster stands there once`() throws {
        var sample = try Sample()
        _ = sample.perform(.replaceDevice(sample.a, with: sample.b))
        #expect(sample.registry.licenses[sample.pair.number]?.owner == sample.b)
        #expect(sample.registry.licenses[sample.pair.number]?.cluster == [sample.b])
    }

    @Test(arguments: [false, true])
    func `a grace between the two units ends, and nothing lapses`(replacingOwner: Bool) throws {
        var sample = try Sample()
        let token = sample.tokens(sample.pair)[0]
        _ = sample.provision([try sample.order(token)], by: sample.a, with: [sample.a])
        _ = sample.perform(.transferLicense(sample.pair.number, to: sample.c, graceSeconds: 60))
        #expect(sample.registry.tokens[token]?.provisioning?.lapses == sample.context.now + 60)
        _ = sample.perform(
            replacingOwner ? .replaceDevice(sample.c, with: sample.a) : .replaceDevice(sample.a, with: sample.c)
        )
        #expect(sample.registry.licenses[sample.pair.number]?.owner == (replacingOwner ? sample.a : sample.c))
        #expect(sample.registry.licenses[sample.pair.number]?.grace == nil)
        sample.context.now += 60
        #expect(sample.registry.tokens[token]?.state(at: sample.context.now) == .pending)
    }

    @Test func `a replacement is registered, and another unit`() throws {
        var sample = try Sample()
        #expect(
            sample.perform(.replaceDevice(sample.a, with: sample.u))
                == .refused(.conflict("device FG-U is not registered"))
        )
        #expect(
            sample.perform(.replaceDevice(sample.a, with: sample.a))
                == .refused(.conflict("a device can't take its own place"))
        )
    }
}

extension ActivationOutcome {
    /// Whether the tokens were given.
    fileprivate var isGranted: Bool { if case .granted = self { true } else { false } }
}
