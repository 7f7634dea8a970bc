import Notation
package import SoftToken

extension Rules {
    /// A unit asks how its tokens stand (docs/protocol.md 3.5).
    ///
    /// Ownership is judged as for a provision; nothing ever changes. The ruling is made of one that is used up, in the
    /// memory that it has; where the view throws there is none.
    package func poll(_ request: PollingRequest, into ruling: inout Ruling<PollingOutcome>) throws(Failure) {
        var count = 0
        ruling.outcome.refusal = try admit(request.header, listing: &ruling.peers)
        if ruling.outcome.refusal == nil {
            var anyUsable = false
            for entry in request.tokens {
                switch entry {
                case .malformed(let token):
                    ruling.outcome.tokens.put(.refused(token: token, .fieldInvalid, .token), at: count)
                case .token(let serial):
                    if let token = try polled(serial, for: request.header) {
                        anyUsable = true
                        ruling.outcome.tokens.put(.found(token), at: count)
                    } else {
                        let refused = PollingOutcome.Entry.refused(token: serial.description, .tokenOfOtherProduct)
                        ruling.outcome.tokens.put(refused, at: count)
                    }
                }
                count += 1
            }
            ruling.outcome.refusal = rollUp(anyUsable: anyUsable)
        }
        ruling.outcome.tokens.end(at: count)
    }

    /// The same as a ruling of its own.
    package func poll(_ request: PollingRequest) throws(Failure) -> Ruling<PollingOutcome> {
        var ruling = Ruling(outcome: PollingOutcome(tokens: [], refusal: nil))
        try poll(request, into: &ruling)
        return ruling
    }

    /// What a poll tells of a token; nil where the unit may not use it.
    @inline(__always)
    private func polled(_ serial: TokenSerial, for header: RequestHeader) throws(Failure) -> PolledToken? {
        let token = try view.token(serial) { token in
            let phone = token.lodged(at: context.now)?.phone
            return PolledToken(
                token: token.serial,
                license: token.license,
                state: token.state(at: context.now),
                registrationID: phone?.registrationID,
                osVersion: phone?.osVersion
            )
        }
        guard let token, try isUsable(token.license, for: header) else { return nil }
        return token
    }
}
