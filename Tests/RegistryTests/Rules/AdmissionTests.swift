import Registry
import SoftToken
import TestKit
import Testing

@Suite struct Admission {
    @Test func `peers keep the order of the request and the requesting unit comes last`() throws {
        let sample = try Sample()
        let peers = sample.poll([], by: sample.a, with: [sample.a, sample.u, sample.b, sample.unknown]).peers
        #expect(
            peers == [
                ClusterPeer(serial: sample.u, isRegistered: false), ClusterPeer(serial: sample.b, isRegistered: true),
                ClusterPeer(serial: sample.unknown, isRegistered: false),
                ClusterPeer(serial: sample.a, isRegistered: true),
            ]
        )
    }

    @Test func `the requesting unit is added where it is not listed`() throws {
        let sample = try Sample()
        #expect(sample.poll([], by: sample.a, with: [sample.b]).peers.map(\.serial) == [sample.b, sample.a])
        #expect(sample.poll([], by: sample.a, with: []).peers.map(\.serial) == [sample.a])
    }

    @Test(arguments: [2, 40]) func `a unit listed more than once is answered once`(times: Int) throws {
        let sample = try Sample()
        let list = Array(repeating: [sample.b, sample.a, sample.c], count: times).flatMap(\.self)
        #expect(sample.poll([], by: sample.a, with: list).peers.map(\.serial) == [sample.b, sample.c, sample.a])
    }

    @Test func `an unknown or unregistered unit is refused as a whole, with its peers`() throws {
        var sample = try Sample()
        for unit in [sample.u, sample.unknown] {
            let poll = sample.poll(sample.tokens(sample.pair), by: unit, with: [unit, sample.b])
            #expect(poll.outcome == PollingOutcome(tokens: [], refusal: .productNotRegistered))
            #expect(
                poll.peers == [
                    ClusterPeer(serial: sample.b, isRegistered: true), ClusterPeer(serial: unit, isRegistered: false),
                ]
            )
            let provision = sample.provision([try sample.order(sample.tokens(sample.pair)[0])], by: unit)
            #expect(provision.outcome == ProvisionOutcome(tokens: [], refusal: .productNotRegistered))
            #expect(
                try sample.activate(sample.new.code, by: unit).outcome == .refused(.productNotRegistered)
            )
            #expect(try sample.activate(.trial, by: unit).outcome == .refused(.productNotRegistered))
        }
    }

    @Test func `a client certificate must name the unit or one that it lists`() throws {
        var sample = try Sample()
        for (certificate, refusal) in [
            (sample.a, nil), (sample.b, nil), (sample.c, ServiceError.certificateMismatch),
            (sample.unknown, .certificateMismatch),
        ] {
            sample.context.certificateSerial = certificate
            let ruling = sample.poll(sample.tokens(sample.pair), by: sample.a, with: [sample.b])
            #expect(ruling.outcome.refusal == refusal, "certificate of \(certificate)")
        }
    }

    @Test func `an unregistered unit is told so even where the certificate does not fit`() throws {
        var sample = try Sample()
        sample.context.certificateSerial = sample.c
        #expect(sample.poll([], by: sample.u).outcome.refusal == .productNotRegistered)
    }

    @Test func `an unregistered peer fails the request only where the lab says so`() throws {
        var sample = try Sample()
        let tokens = sample.tokens(sample.pair)
        #expect(sample.poll(tokens, by: sample.a, with: [sample.u]).outcome.refusal == nil)
        sample.context.choices.unregisteredPeerFails = true
        #expect(sample.poll(tokens, by: sample.a, with: [sample.u]).outcome.refusal == .productNotRegistered)
        #expect(sample.poll(tokens, by: sample.a, with: [sample.b]).outcome.refusal == nil)
        let ruling = sample.provision([try sample.order(tokens[0])], by: sample.a, with: [sample.u])
        #expect(ruling.outcome.refusal == .productNotRegistered)
        #expect(ruling.changes.isEmpty)
    }
}
