import Registry
import SoftToken
import TestKit
import Testing

@Suite struct TokenOperations {
    var sample: Sample
    let token: TokenSerial

    init() throws {
        sample = try Sample()
        token = sample.tokens(sample.pair)[0]
    }

    @Test mutating func `a token is locked and unlocked, as often as it is asked for`() throws {
        let code = try #require(sample.provision([try sample.order(token)], by: sample.a).outcome.codes.first)
        for _ in 0..<2 {
            guard case .token(let locked) = sample.perform(.lock(token)) else {
                Issue.record("the lock was refused")
                return
            }
            #expect(locked.isLocked)
        }
        #expect(sample.provision([try sample.order(token)], by: sample.a).outcome.refusals == [.tokenLocked])
        #expect(sample.claim(code.claim, phone: "phone").outcome == .refused(.activationCodeInvalid))
        _ = sample.perform(.unlock(token))
        #expect(sample.ruling(.unlock(token)).changes.isEmpty)
        #expect(sample.claim(code.claim, phone: "phone").outcome == .granted(token: token, seed: try seed()))
    }

    @Test mutating func `a released token is free, its code and phone dropped`() throws {
        let code = try #require(sample.provision([try sample.order(token)], by: sample.a).outcome.codes.first)
        _ = sample.claim(code.claim, phone: "phone")
        #expect(sample.perform(.release(token)) == .token(Token(serial: token, license: sample.pair.number)))
        #expect(sample.claim(code.claim, phone: "phone").outcome == .refused(.activationCodeInvalid))
        #expect(sample.ruling(.release(token)).changes.isEmpty)
        _ = sample.perform(.lock(token))
        #expect(sample.perform(.release(token)) == .refused(.conflict("token \(token) is locked")))
    }

    @Test mutating func `a pending token's code is ended, and no other's`() throws {
        func refusal(_ state: String) -> OperationOutcome {
            .refused(.conflict("token \(token) is \(state), so no activation code of it is pending"))
        }
        #expect(sample.perform(.expire(token)) == refusal("available"))
        let code = try #require(sample.provision([try sample.order(token)], by: sample.a).outcome.codes.first)
        guard case .token(let expired) = sample.perform(.expire(token)) else {
            Issue.record("the end was refused")
            return
        }
        #expect(expired.state(at: sample.context.now) == .expired)
        #expect(sample.claim(code.claim, phone: "phone").outcome == .refused(.activationCodeInvalid))
        #expect(sample.perform(.expire(token)) == refusal("expired"))
        let next = sample.provision([try sample.order(token)], by: sample.a).outcome.codes.first
        _ = sample.claim(next?.claim, phone: "phone")
        #expect(sample.perform(.expire(token)) == refusal("provisioned"))
        _ = sample.perform(.lock(token))
        #expect(sample.perform(.expire(token)) == refusal("locked"))
    }

    @Test mutating func `a token that is not there is said not to be`() throws {
        let missing = TokenSerial(number: .max)
        for operation: RegistryOperation in [.lock(missing), .unlock(missing), .release(missing), .expire(missing)] {
            #expect(sample.perform(operation) == .refused(.notFound(.token, name: "FTKMOBFFFFFFFFFF")))
        }
    }
}
