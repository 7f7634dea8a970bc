import TLS
import TLSNames
import Testing

@Suite struct RecordFilterTests {
    @Test(arguments: [ProtocolVersion.tls12, .tls13])
    func `a plan that meets nothing changes nothing`(version: ProtocolVersion) throws {
        let absent = RecordLabel.allCases.filter { !$0.exists(in: version) }
        let plan = RecordPlan(interventions: Dictionary(uniqueKeysWithValues: absent.map { ($0, .stall) }))
        let run = try RecordRun(version, plan)
        #expect(run.client == nil)
        #expect(run.server == nil)
        #expect(run.received == RecordRun.answer)
        #expect(run.held == nil)
        #expect(run.met.isEmpty)
        #expect(run.unmet == absent)
        #expect(run.alert == nil)
        let plain = try RecordRun(version, RecordPlan())
        #expect(plain.received == RecordRun.answer)
        #expect(run.records.map { $0[0] } == plain.records.map { $0[0] })
    }

    @Test(arguments: RecordCase.all)
    func `an alert in place of a record is the one that the client reports`(_ here: RecordCase) throws {
        let code = AlertCode(rawValue: 48)
        let run = try RecordRun(here.version, RecordPlan(interventions: [here.label: .alert(code)]))
        #expect(run.client?.cause == .alertReceived)
        #expect(run.client?.alert == Alert(code: code, isFatal: true, direction: .received))
        #expect(run.clientIsDone == here.followsHandshake)
        #expect(run.server?.cause == .outputEnded)
        #expect(run.server?.operation == .handshake)
        #expect(run.alert == Alert(code: code, isFatal: true, direction: .sent))
        #expect(run.held == .ended(.alerted))
        #expect(run.met == [here.label])
        #expect(run.unmet.isEmpty)
        // What is sealed has its type inside, and 16 bytes of a tag.
        let isSealed = here.version == .tls13 && here.label != .serverHello
        #expect(run.records.last == (isSealed ? [23, 19] : [21, 2]))
    }

    @Test(arguments: RecordCase.all)
    func `a changed record is answered by the client's own alert`(_ here: RecordCase) throws {
        let run = try RecordRun(here.version, RecordPlan(interventions: [here.label: .corrupt]))
        let isSealed = here.version == .tls13 ? here.label != .serverHello : here.label == .finished
        let expected = isSealed ? "bad_record_mac" : "unexpected_message"
        #expect(run.client?.alert?.description == "fatal \(expected) sent")
        #expect(run.server?.cause == .alertReceived)
        #expect(run.alert?.description == "fatal \(expected) received")
        #expect(run.held == nil)
        #expect(run.met == [here.label])
    }

    @Test(arguments: RecordCase.all)
    func `a cut record is the last that leaves`(_ here: RecordCase) throws {
        let whole = try RecordRun(here.version, RecordPlan())
        let run = try RecordRun(here.version, RecordPlan(interventions: [here.label: .truncate(bytes: 3)]))
        #expect(run.server?.cause == .outputEnded)
        #expect(run.held == .ended(.truncated))
        #expect(run.alert == nil)
        #expect(run.cutOff == 3)
        let count = try #require(run.records.isEmpty ? nil : run.records.count)
        #expect(run.records.map { $0[0] } == whole.records.prefix(count).map { $0[0] })
        if here.followsHandshake {
            #expect(run.client == nil)
            #expect(run.end == .truncated)
        } else {
            #expect(run.client?.cause == .closedByPeer)
        }
        #expect(run.received.isEmpty)

        let half = try RecordRun(here.version, RecordPlan(interventions: [here.label: .truncate(bytes: nil)]))
        #expect(try #require(half.cutOff) >= 4)
    }

    @Test(arguments: RecordCase.all)
    func `from a stalled record on nothing leaves`(_ here: RecordCase) throws {
        let run = try RecordRun(here.version, RecordPlan(interventions: [here.label: .stall]))
        let cut = try RecordRun(here.version, RecordPlan(interventions: [here.label: .truncate(bytes: 0)]))
        #expect(run.held == .stalled)
        #expect(run.server == nil)
        #expect(run.client == nil)
        #expect(run.clientIsDone == here.followsHandshake)
        #expect(!run.serverIsDone)
        #expect(run.received.isEmpty)
        // What is cut to nothing leaves its ChangeCipherSpec.
        #expect(run.records.map { $0[0] } == cut.records.map { $0[0] }.dropLast(cut.records.last?[0] == 20 ? 1 : 0))
        #expect(run.records.allSatisfy { $0[1] >= 0 })
    }

    @Test(arguments: [ProtocolVersion.tls12, .tls13])
    func `with a gap each record of the handshake waits for its release`(version: ProtocolVersion) throws {
        let run = try RecordRun(version, RecordPlan(gap: .milliseconds(1)))
        #expect(run.client == nil)
        #expect(run.received == RecordRun.answer)
        // ServerHello, EncryptedExtensions, Certificate, CertificateVerify, Finished, ticket; ServerHello, Certificate,
        // ServerKeyExchange, ServerHelloDone, ticket, Finished.
        #expect(run.releases == 6)
        #expect(run.held == nil)
    }

    @Test func `what waits is counted and leaves one by one`() throws {
        var options = HandshakeOptions()
        options.records = RecordPlan(interventions: [.certificateVerify: .stall], gap: .seconds(1))
        var pair = try EnginePair(
            client: ClientContext(trustAnchors: EngineIdentities.localhost().chain),
            server: ServerContext(identity: EngineIdentities.localhost(), ticketKeys: ticketKeys()),
            options: options
        )
        _ = try pair.client.handshake()
        pair.carry()
        #expect(try pair.server.handshake() == .wantsRead)
        let wire = pair.server.wire
        #expect(wire.held == .next(3))
        #expect(wire.takeOutput().isEmpty)
        var counts: [Int] = []
        while case .next(let count) = wire.held {
            counts.append(count)
            wire.release()
            #expect(!wire.takeOutput().isEmpty)
        }
        #expect(counts == [3, 2, 1])
        #expect(wire.held == .stalled)
        wire.release()
        #expect(wire.takeOutput().isEmpty)
    }

    @Test func `an alert of the engine's own waits for nothing`() throws {
        var options = HandshakeOptions()
        options.records = RecordPlan(gap: .seconds(1))
        var pair = try EnginePair(
            client: ClientContext(trustAnchors: EngineIdentities.localhost().chain),
            server: ServerContext(identity: EngineIdentities.localhost(), ticketKeys: ticketKeys()),
            options: options
        )
        _ = try pair.client.handshake()
        pair.carry()
        #expect(try pair.server.handshake() == .wantsRead)
        // A handshake record in clear, which is not allowed any more.
        pair.server.wire.deliver(([22, 3, 3, 0, 4, 20, 0, 0, 0] as [UInt8]).span)
        let error = try #require(throws: TLSError.self) { _ = try pair.server.handshake() }
        #expect(error.cause == .peerRefused)
        pair.carry()
        #expect(try pair.client.handshake() == .done)
        let seen = try #require(throws: TLSError.self) { _ = try readAll(&pair.client) }
        #expect(seen.alert == error.alert.map { Alert(code: $0.code, isFatal: true, direction: .received) })
    }

    @Test(
        arguments: [ProtocolVersion.tls12, .tls13],
        [RecordIntervention.alert(AlertCode(rawValue: 80)), .corrupt]
    )
    func `a certificate larger than a record is met once`(
        version: ProtocolVersion,
        intervention: RecordIntervention
    ) throws {
        let identity = try EngineIdentities.localhost()
        let large = Identity(
            chain: (0..<60).flatMap { _ in identity.chain },
            privateKey: identity.privateKey
        )
        let whole = try RecordRun(version, RecordPlan(), identity: large)
        #expect(whole.records.contains { $0[1] >= 16_384 })
        #expect(whole.received == RecordRun.answer)

        let run = try RecordRun(version, RecordPlan(interventions: [.certificate: intervention]), identity: large)
        let expected =
            switch intervention {
            case .alert: "fatal internal_error received"
            default: version == .tls12 ? "fatal unexpected_message sent" : "fatal bad_record_mac sent"
            }
        #expect(run.client?.alert?.description == expected)
        #expect(run.met == [.certificate])

        // What follows it counts on, so that a later alert is sealed with the right number.
        let later = try RecordRun(
            version,
            RecordPlan(interventions: [.finished: .alert(AlertCode(rawValue: 44))]),
            identity: large
        )
        #expect(later.client?.alert?.description == "fatal certificate_revoked received")
    }

    @Test(
        arguments: [
            "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256",
        ],
        [RecordLabel.encryptedExtensions, .finished, .ticket]
    )
    func `alerts are sealed under each suite`(suite: String, label: RecordLabel) throws {
        let list = try CipherList([suite])
        let plan = RecordPlan(interventions: [label: .alert(AlertCode(rawValue: 49))])
        let run = try RecordRun(.tls13, plan, configure: { $0.cipherSuites = list })
        #expect(run.client?.alert?.description == "fatal access_denied received")
    }

    @Test(arguments: [RecordLabel.serverHello, .encryptedExtensions, .finished, .ticket])
    func `a handshake with a HelloRetryRequest is met where it should be`(label: RecordLabel) throws {
        // Not the group that the client guesses first.
        let groups = try GroupList(["P-384"])
        let plan = RecordPlan(interventions: [label: .alert(AlertCode(rawValue: 48))])
        let run = try RecordRun(.tls13, plan, configure: { $0.groups = groups })
        #expect(run.client?.alert?.description == "fatal unknown_ca received")
        #expect(run.records.filter { $0[0] == 22 }.count == (label == .serverHello ? 0 : 2))
        let slow = try RecordRun(.tls13, RecordPlan(gap: .seconds(1)), configure: { $0.groups = groups })
        #expect(slow.received == RecordRun.answer)
        #expect(slow.releases == 7)
    }

    @Test(arguments: [ProtocolVersion.tls12, .tls13])
    func `a resumed handshake has no certificate to meet`(version: ProtocolVersion) throws {
        var first = try HandshakeOptionsTests.pair(nil, versions: version...version)
        try first.handshake()
        let session = try HandshakeOptionsTests.session(&first)
        let plan = RecordPlan(interventions: [.certificate: .stall, .finished: .truncate(bytes: 10_000)])
        let run = try RecordRun(version, plan, resuming: session)
        #expect(run.unmet == [.certificate])
        #expect(run.met == [.finished])
        // As many bytes as the record has or more are all of it, and still the last.
        #expect(run.clientIsDone)
        #expect(run.received.isEmpty)
        #expect(run.server?.cause == .outputEnded)
        #expect(run.end == .truncated)
    }

    @Test(arguments: [ProtocolVersion.tls10, .tls11])
    func `older versions have the records of TLS 1.2`(version: ProtocolVersion) throws {
        for label in RecordLabel.allCases where label.exists(in: version) {
            let plan = RecordPlan(interventions: [label: .alert(AlertCode(rawValue: 71))])
            let run = try RecordRun(version, plan, configure: { $0.versions = version...version })
            #expect(run.client?.alert?.description == "fatal insufficient_security received", "\(label)")
        }
    }

    @Test(arguments: [1, 100, 400])
    func `what a full wire does not take is sent later`(room: Int) throws {
        var options = HandshakeOptions()
        options.records = RecordPlan(interventions: [.finished: .truncate(bytes: 40)])
        var pair = try EnginePair(
            client: ClientContext(trustAnchors: EngineIdentities.localhost().chain),
            server: ServerContext(identity: EngineIdentities.localhost(), ticketKeys: ticketKeys()),
            options: options
        )
        let wire = pair.server.wire
        wire.limitOutput(to: 0)
        var sent: [UInt8] = []
        var (turns, waits) = (0, 0)
        var end: TLSError?
        // A flight of about a thousand bytes may leave byte by byte; a filter that sends nothing would turn for ever.
        while end == nil, turns < 20_000 {
            turns += 1
            _ = try pair.client.handshake()
            wire.deliver(pair.client.wire.takeOutput().span)
            do throws(TLSError) {
                let progress = try pair.server.handshake()
                #expect(progress != .done)
                if progress == .wantsWrite {
                    #expect(wire.held == nil)
                    waits += 1
                    wire.limitOutput(to: room)
                }
            } catch {
                end = error
            }
            let output = wire.takeOutput()
            sent += output
            pair.client.wire.deliver(output.span)
        }
        #expect(waits > 1)
        #expect(end?.cause == .outputEnded)
        #expect(RecordRun.records(in: sent).last == [23, -1])
        #expect(RecordRun.cutOff(of: sent) == 40)
    }
}
