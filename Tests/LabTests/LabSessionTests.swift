import Foundation
import Lab
import Registry
import SoftToken
import TestKit
import Testing

@Suite(.timeLimit(.minutes(1))) struct LabSessionTests {
    @Test func `a poll is answered without a wait, and what may change something is not`() async throws {
        let world = try await LabWorld()
        let desk = try Desk(world.lab)
        let poll = await desk.post(WireMessage.polling(["FTKMOB83F91CD33B"], by: "FGT3HD3915801656"))
        #expect(poll.isRead)
        #expect(poll.type == "PollingRequest")
        #expect(poll.serial == "FGT3HD3915801656")
        #expect(poll.code == nil)
        #expect(try poll.value(of: "license") == "FTMTRIAL02062407")
        let activation = await desk.post(WireMessage.activation())
        #expect(!activation.isRead)
        #expect(activation.type == "ActivationLicenseRequest")
        #expect(activation.values(of: "token").count == 5)
        #expect(activation.body.hasSuffix("\"result\":1,\"error\":null}}\n"))
    }

    @Test(
        arguments: [
            (WireMessage.activation("DA8C-0508-1F31-4CF7-C990", by: "FG4H0ETB20900993"), 14),
            (WireMessage.activation("FFFF-0508-1F31-4CF7-C990"), 16),
            (WireMessage.activation(by: "FGVM000000000004"), 21),
            (WireMessage.activation("1A2B-3C4D-5E6F-7081-92A3"), 903),
            (WireMessage.provision(["FTKMOB947FDC1754"]), 17),
            (WireMessage.polling(["FTKMOB947FDC1754"]), 17),
        ]
    )
    func `a refusal is an answer with its code at the top`(body: String, code: Int) async throws {
        let world = try await LabWorld()
        let reply = await (try Desk(world.lab)).post(body)
        #expect(reply.kind == .answered)
        #expect(reply.code == code)
        #expect(reply.body.contains("\"result\":0,\"error\":{\"error_code\":\(code),"))
    }

    @Test func `a phone gets the seed that the unit lodged, sealed for it alone`() async throws {
        let world = try await LabWorld()
        let desk = try Desk(world.lab)
        let token = try await desk.post(WireMessage.activation()).value(of: "token")
        let code = try await desk.post(WireMessage.provision([token])).value(of: "token_activation_code")
        let claim = try #require(ActivationCode(code)).claimDigits
        let phone = "5AD4C27E90B1F368"
        let answer = await desk.post(
            WireMessage.mobile(String(decoding: claim, as: UTF8.self), phone: phone),
            to: .mobile
        )
        #expect(answer.type == "MobileProvisionRequest")
        #expect(answer.serial == nil)
        #expect(try answer.value(of: "token") == token)

        // What a client that nobody here wrote makes of it.
        let opened = try await Command.run(
            "openssl",
            ["enc", "-d", "-a", "-A", "-aes-128-cbc", "-nopad", "-K", hexadecimal(phone)]
                + ["-iv", hexadecimal("fortitokenmobile")],
            input: try answer.value(of: "seed")
        )
        #expect(opened.status == 0, "\(opened.errors)")
        #expect(opened.bytes == Array(WireMessage.seed.utf8) + [UInt8](repeating: 0, count: 8))
        let hash = try await Command.run("sha256sum", [], input: phone)
        #expect(hash.output.hasPrefix(try answer.value(of: "mobile_id_hash") + " "))

        let stranger = await desk.post(
            WireMessage.mobile(String(decoding: claim, as: UTF8.self), phone: "FFFF"),
            to: .mobile
        )
        #expect(stranger.code == 40)
        #expect(!stranger.body.contains(try answer.value(of: "seed")))
    }

    @Test func `the rules judge by the lab's clock`() async throws {
        let world = try await LabWorld()
        let desk = try Desk(world.lab)
        let token = try await desk.post(WireMessage.activation()).value(of: "token")
        _ = await desk.post(WireMessage.provision([token], codeExpire: 60))
        #expect(try await desk.post(WireMessage.polling([token])).value(of: "status") == "pending")
        world.clock.advance(3_599)
        #expect(try await desk.post(WireMessage.polling([token])).value(of: "status") == "pending")
        world.clock.advance(1)
        #expect(try await desk.post(WireMessage.polling([token])).value(of: "status") == "expired")
    }

    @Test func `the same seed and the same requests give the same answers, and another seed others`() async throws {
        var stories: [[String]] = []
        for seed in [UInt64(7), 7, 8] {
            let world = try await LabWorld(seed: seed)
            let desk = try Desk(world.lab)
            let tokens = await desk.post(WireMessage.activation()).values(of: "token")
            var story = tokens
            for token in tokens { story.append(await desk.post(WireMessage.provision([token])).body) }
            stories.append(story)
        }
        #expect(stories[0] == stories[1])
        #expect(stories[0] != stories[2])
    }

    @Test(
        arguments: [
            ("", Reply.Kind.unreadable, "\"Message\":\"Invalid request: "),
            ("[]", .unreadable, "\"ExceptionType\":\"System.ArgumentException\""),
            (#"{"d":{"__type":"SoftToken.RenewRequest"}}"#, .answered, "\"error_code\":901,"),
            (#"{"d":{"__type":"SoftToken.PollingRequest","tokens":[]}}"#, .answered, "invalid: serial_number\""),
        ]
    )
    func `what is no request is answered at once`(body: String, kind: Reply.Kind, words: String) async throws {
        let world = try await LabWorld()
        let reply = await (try Desk(world.lab)).post(body)
        #expect(reply.isRead)
        #expect(reply.kind == kind)
        #expect(reply.body.contains(words), "\(reply.body)")
    }

    @Test func `a message that belongs to the other path is unknown there`() async throws {
        let world = try await LabWorld()
        let desk = try Desk(world.lab)
        #expect(await desk.post(WireMessage.activation(), to: .mobile).code == 901)
        #expect(await desk.post(WireMessage.mobile("0000000000000000", phone: "A"), to: .process).code == 901)
    }

    @Test func `a field that is wrong keeps the type and the unit for the record`() async throws {
        let world = try await LabWorld()
        let reply = await (try Desk(world.lab)).post(WireMessage.activation("no code"))
        #expect(reply.type == "ActivationLicenseRequest")
        #expect(reply.serial == WireMessage.unit)
        #expect(reply.code == 904)
    }

    @Test func `a closed registry is unavailable to changes, and says nothing of where it lies`() async throws {
        let world = try await LabWorld()
        let desk = try Desk(world.lab)
        world.lab.store.close()
        let reply = await desk.post(WireMessage.activation())
        guard case .unavailable(let reason) = reply.kind else {
            Issue.record("a change went into a closed registry: \(reply.body)")
            return
        }
        #expect(reason.contains("the registry was closed"))
        #expect(reply.body == "{\"error\":\"the registry is not available\"}\n")
        #expect(reply.code == nil)
    }

    @Test func `the lab's choices and error table are what goes out`() async throws {
        let errors = try ErrorTable(overrides: [.licenseNotFound: .init(code: 77, text: "no such card")])
        let world = try await LabWorld(
            wire: WireChoices(activationCodeForm: .hexadecimal, qrCode: .null, endsWithNewline: false),
            errors: errors
        )
        let desk = try Desk(world.lab)
        let unknown = await desk.post(WireMessage.activation("FFFF-0508-1F31-4CF7-C990"))
        #expect(unknown.code == 77)
        #expect(unknown.body.hasSuffix("{\"error_code\":77,\"error_message\":\"no such card\"}}}"))
        let token = try await desk.post(WireMessage.activation()).value(of: "token")
        let provisioned = await desk.post(WireMessage.provision([token]))
        #expect(try provisioned.value(of: "token_activation_code").wholeMatch(of: /[0-9A-F]{16}/) != nil)
        #expect(provisioned.body.contains("\"qr_code\":null"))
    }

    private func hexadecimal(_ text: String) -> String {
        text.utf8.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}

@Suite(.timeLimit(.minutes(1))) struct LabIsolationTests {
    @Test func `two labs share nothing`() async throws {
        let one = try await LabWorld()
        let two = try await LabWorld()
        let first = try Desk(one.lab)
        let second = try Desk(two.lab)
        let token = try await first.post(WireMessage.activation()).value(of: "token")
        #expect(await second.post(WireMessage.polling([token])).code == 17)
        #expect(await first.post(WireMessage.polling([token])).code == nil)
    }

    @Test func `sessions of one lab see each other's changes`() async throws {
        let world = try await LabWorld()
        let first = try Desk(world.lab)
        let second = try Desk(world.lab)
        let token = try await first.post(WireMessage.activation()).value(of: "token")
        #expect(try await second.post(WireMessage.polling([token])).value(of: "status") == "available")
        _ = await second.post(WireMessage.provision([token]))
        #expect(try await first.post(WireMessage.polling([token])).value(of: "status") == "pending")
    }

    @Test func `labs are found by name, and of two with one name the later stays`() async throws {
        let one = try await LabWorld()
        let two = try await LabWorld()
        let labs = Labs([one.lab, two.lab])
        #expect(labs[Lab.defaultName] === two.lab)
        #expect(labs["other"] == nil)
        #expect(labs.all.count == 1)
    }

    @Test func `the host's clock is the host's`() {
        #expect(abs(LabClock.hostNow - Int64(Date.now.timeIntervalSince1970)) <= 1)
    }
}
