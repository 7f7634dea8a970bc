import Registry
import SoftToken
import TestKit
import Testing

@Suite struct Provisioning {
    @Test func `a token's seed is lodged and its code holds for the minutes asked`() throws {
        var sample = try Sample()
        let token = sample.tokens(sample.pair)[0]
        let ruling = sample.provision([try sample.order(token, minutes: 4_320)], by: sample.a)
        let code = try #require(ruling.outcome.codes.first)
        #expect(
            ruling.outcome
                == ProvisionOutcome(
                    tokens: [
                        .provisioned(token: token, license: sample.pair.number, code: code, codeExpire: 4_320)
                    ],
                    refusal: nil
                )
        )
        let stored = try #require(sample.registry.tokens[token])
        #expect(stored.provisioning?.seed == (try seed("A")))
        #expect(stored.provisioning?.code == code)
        #expect(stored.provisioning?.codeExpires == sample.context.now + 4_320 * 60)
        #expect(stored.state(at: sample.context.now) == .pending)
        #expect(stored.state(at: sample.context.now + 4_320 * 60) == .expired)
    }

    @Test func `provisioning again drops the old code and the phone`() throws {
        var sample = try Sample()
        let token = sample.tokens(sample.pair)[0]
        let old = try #require(sample.provision([try sample.order(token)], by: sample.a).outcome.codes.first)
        _ = sample.claim(old.claim, phone: "phone")
        #expect(sample.registry.tokens[token]?.state(at: sample.context.now) == .provisioned)
        let new = try #require(
            sample.provision([try sample.order(token, seed: "B")], by: sample.a).outcome.codes.first
        )
        #expect(new != old)
        #expect(sample.registry.tokens[token]?.state(at: sample.context.now) == .pending)
        #expect(sample.claim(old.claim, phone: "phone").outcome == .refused(.activationCodeInvalid))
        #expect(sample.claim(new.claim, phone: "other").outcome == .granted(token: token, seed: try seed("B")))
    }

    @Test func `each entry is judged by itself, and one good one makes the request good`() throws {
        var sample = try Sample()
        let tokens = sample.tokens(sample.pair)
        sample.registry.tokens[tokens[1]]?.isLocked = true
        let foreign = sample.tokens(sample.peer)[0]
        let unknown = try token("FTKMOBFFFFFFFFFF")
        let ruling = sample.provision(
            [
                .malformed(token: nil), .malformed(token: "FTKMOB", .seed), try sample.order(foreign),
                try sample.order(unknown), try sample.order(tokens[1]), try sample.order(tokens[0]),
                try sample.order(tokens[0]), try sample.order(foreign),
            ],
            by: sample.a
        )
        #expect(ruling.outcome.refusal == nil)
        #expect(
            ruling.outcome.refusals == [
                .fieldInvalid, .fieldInvalid, .tokenOfOtherProduct, .tokenOfOtherProduct, .tokenLocked, nil,
                .fieldInvalid, .fieldInvalid,
            ]
        )
        // A field report: of a batch's 904 nobody could tell which member was wrong.
        #expect(ruling.outcome.faults == [.token, .seed, nil, nil, nil, nil, .token, .token])
        #expect(ruling.outcome.tokens[1] == .refused(token: "FTKMOB", .fieldInvalid, .seed))
        #expect(ruling.outcome.tokens[2] == .refused(token: foreign.description, .tokenOfOtherProduct))
    }

    @Test func `a foreign token that is locked is foreign first`() throws {
        var sample = try Sample()
        let foreign = sample.tokens(sample.peer)[0]
        sample.registry.tokens[foreign]?.isLocked = true
        let ruling = sample.provision([try sample.order(foreign)], by: sample.a)
        #expect(ruling.outcome.refusals == [.tokenOfOtherProduct])
    }

    @Test func `a request without one usable token is refused at the top and changes nothing`() throws {
        var sample = try Sample()
        let before = sample.registry.document
        let foreign = sample.tokens(sample.peer)[0]
        for entries in [[], [.malformed(token: nil)], [try sample.order(foreign)]] as [[ProvisionRequest.Entry]] {
            let ruling = sample.provision(entries, by: sample.a)
            #expect(ruling.outcome.refusal == .noValidToken)
            #expect(ruling.outcome.tokens.count == entries.count)
            #expect(ruling.changes.isEmpty)
        }
        #expect(sample.registry.document == before)
    }

    @Test func `tokens of a license that was never activated are foreign`() throws {
        var sample = try Sample()
        let ruling = sample.provision([try sample.order(sample.tokens(sample.new)[0])], by: sample.a)
        #expect(ruling.outcome.refusals == [.tokenOfOtherProduct])
    }

    @Test func `a claim that another token has is drawn again`() throws {
        var sample = try Sample()
        let tokens = sample.tokens(sample.pair)
        let first = sample.context.chance.draw(.activationCodes, 0)
        sample.registry.tokens[tokens[1]]?.provisioning = Token.Provisioning(
            seed: try seed(),
            parameters: .published,
            code: ActivationCode(claim: first, parameters: .published),
            codeExpires: sample.context.now
        )
        let ruling = sample.provision([try sample.order(tokens[0])], by: sample.a)
        #expect(ruling.outcome.codes.map(\.claim) == [sample.context.chance.draw(.activationCodes, 1)])
        #expect(sample.registry.draws[.activationCodes] == 2)
    }

    @Test func `the same lab that gets the same requests makes the same codes`() throws {
        var one = try Sample()
        var other = try Sample()
        var third = try Sample()
        third.context.chance = Chance(seed: 2)
        let entries = try one.tokens(one.pair).map { try one.order($0) }
        let codes = one.provision(entries, by: one.a).outcome.codes + one.provision(entries, by: one.a).outcome.codes
        #expect(Set(codes).count == 4)
        #expect(
            codes == other.provision([entries[0], entries[1]], by: one.a).outcome.codes
                + other.provision([entries[0]], by: one.a).outcome.codes
                + other.provision([entries[1]], by: one.a).outcome.codes
        )
        #expect(third.provision(entries, by: one.a).outcome.codes != Array(codes.prefix(2)))
    }
}
