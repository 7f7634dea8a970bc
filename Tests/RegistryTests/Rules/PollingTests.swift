import Documents
import Registry
import SoftToken
import TestKit
import Testing

@Suite struct Polling {
    @Test func `every state is told, with what the phone told`() throws {
        var sample = try Sample()
        let tokens = sample.tokens(sample.pair)
        func states() -> [TokenState] {
            sample.poll(tokens, by: sample.a).outcome.tokens
                .compactMap {
                    if case .found(let token) = $0 { token.state } else { nil }
                }
        }
        #expect(states() == [.available, .available])
        let code = try #require(sample.provision([try sample.order(tokens[0])], by: sample.a).outcome.codes.first)
        #expect(states() == [.pending, .available])
        sample.context.now += 3_600
        #expect(states() == [.expired, .available])
        sample.context.now -= 1
        _ = sample.claim(code.claim, phone: "phone", registrationID: "id", osVersion: "5.4.2_IOS")
        sample.registry.tokens[tokens[1]]?.isLocked = true
        sample.context.now += 1_000_000
        #expect(states() == [.provisioned, .locked])
        #expect(
            sample.poll([tokens[0]], by: sample.a).outcome.tokens == [
                .found(
                    PolledToken(
                        token: tokens[0],
                        license: sample.pair.number,
                        state: .provisioned,
                        registrationID: "id",
                        osVersion: "5.4.2_IOS"
                    )
                )
            ]
        )
    }

    @Test func `foreign and unknown tokens are refused, and a poll of only those at the top`() throws {
        let sample = try Sample()
        let foreign = sample.tokens(sample.peer)[0]
        let unknown = try token("FTKMOBFFFFFFFFFF")
        let bad = sample.poll([foreign, unknown], by: sample.a)
        #expect(bad.outcome.refusal == .noValidToken)
        #expect(
            bad.outcome.tokens == [
                .refused(token: foreign.description, .tokenOfOtherProduct),
                .refused(token: unknown.description, .tokenOfOtherProduct),
            ]
        )
        #expect(sample.poll([foreign, sample.tokens(sample.pair)[0]], by: sample.a).outcome.refusal == nil)
        #expect(sample.poll([], by: sample.a).outcome.refusal == .noValidToken)
    }

    // FC-190967 and FC-241195: what an Android phone says of itself, at the bounds of the appliance's own fields.
    @Test func `an Android phone's identifiers are kept and told`() throws {
        var sample = try Sample()
        let token = sample.tokens(sample.pair)[0]
        let code = try #require(sample.provision([try sample.order(token)], by: sample.a).outcome.codes.first)
        let registration = "fQ3:APA91b_x-Y" + String(repeating: "a_B-3:", count: 23)
        #expect(registration.utf8.count == 152)
        _ = sample.claim(
            code.claim,
            phone: "9774d56d682e549c",
            registrationID: registration,
            osVersion: "4.7.1.0100_AND"
        )
        guard case .found(let polled) = sample.poll([token], by: sample.a).outcome.tokens.first else {
            Issue.record("the token was refused")
            return
        }
        #expect(polled.registrationID == registration)
        #expect(polled.osVersion == "4.7.1.0100_AND")
        let text = sample.registry.document.text(as: .yaml, now: sample.context.now)
        let again = try RegistryDocument.read(text, chance: sample.context.chance)
        #expect(again == sample.registry.document)
    }

    // A field report: licenses of 10,000 tokens are sold, and a unit polls and provisions all of them at once.
    @Test func `ten thousand tokens are polled and provisioned in one request each`() throws {
        var sample = try Sample()
        let draft = LicenseDraft(size: 10_000, code: try code("9999-9999-9999-9999-9999"))
        guard case .license(_, let tokens) = sample.perform(.issueLicense(draft)) else { return }
        _ = try sample.activate(draft.code, by: sample.a)
        let ruling = sample.provision(try tokens.map { try sample.order($0) }, by: sample.a)
        #expect(Set(ruling.outcome.codes.map(\.claim)).count == 10_000)
        let polled = sample.poll(tokens, by: sample.a)
        #expect(polled.outcome.refusal == nil)
        #expect(polled.outcome.states.count == 10_000 && polled.outcome.states.allSatisfy { $0 == .pending })
    }

    @Test func `a malformed entry is refused as that`() throws {
        let sample = try Sample()
        let request = PollingRequest(header: sample.header(sample.a), tokens: [.malformed(token: "x")])
        let ruling = Rules(sample.registry, sample.context).poll(request)
        #expect(
            ruling.outcome
                == PollingOutcome(tokens: [.refused(token: "x", .fieldInvalid, .token)], refusal: .noValidToken)
        )
    }
}

@Suite struct PhoneClaims {
    @Test func `a phone gets the seed and the token is its own`() throws {
        var sample = try Sample()
        let token = sample.tokens(sample.pair)[0]
        let code = try #require(sample.provision([try sample.order(token)], by: sample.a).outcome.codes.first)
        let outcome = MobileOutcome.granted(token: token, seed: try seed())
        #expect(sample.claim(code.claim, phone: "one", osVersion: "5_IOS").outcome == outcome)
        #expect(sample.claim(code.claim, phone: "two").outcome == .refused(.activationCodeInvalid))

        let again = sample.claim(code.claim, phone: "one", registrationID: "id")
        #expect(again.outcome == outcome)
        let phone = try #require(sample.registry.tokens[token]?.provisioning?.phone)
        #expect(phone == Token.Phone(mobileID: "one", registrationID: "id", osVersion: "5_IOS"))
        #expect(sample.claim(code.claim, phone: "one").changes.isEmpty)
    }

    @Test func `a code that is unknown, malformed or has run out, or a locked token's, is invalid`() throws {
        var sample = try Sample()
        let token = sample.tokens(sample.pair)[0]
        let code = try #require(sample.provision([try sample.order(token)], by: sample.a).outcome.codes.first)
        #expect(sample.claim(nil, phone: "one").outcome == .refused(.activationCodeInvalid))
        #expect(sample.claim(code.claim ^ 1, phone: "one").outcome == .refused(.activationCodeInvalid))
        sample.registry.tokens[token]?.isLocked = true
        #expect(sample.claim(code.claim, phone: "one").outcome == .refused(.activationCodeInvalid))
        sample.registry.tokens[token]?.isLocked = false
        sample.context.now += 3_600
        #expect(sample.claim(code.claim, phone: "one").outcome == .refused(.activationCodeInvalid))
        sample.context.now -= 1
        #expect(sample.claim(code.claim, phone: "one").outcome == .granted(token: token, seed: try seed()))
        sample.context.now += 1
        #expect(
            sample.claim(code.claim, phone: "one").outcome == .refused(.activationCodeInvalid),
            "also the same phone comes too late"
        )
    }
}
