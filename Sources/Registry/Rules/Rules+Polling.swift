package import SoftToken

extension Rules {
    /// A unit asks how its tokens stand (docs/protocol.md 3.5).
    ///
    /// Ownership is judged as for a provision; nothing ever changes.
    ///
    /// - Throws: What the view throws.
    package static func poll<View: RegistryView>(
        _ request: PollingRequest,
        in view: View,
        _ context: RuleContext
    ) throws(View.Failure) -> Ruling<PollingOutcome> {
        let admission = try admit(request.header, in: view, context)
        if let refusal = admission.refusal {
            return Ruling(outcome: PollingOutcome(tokens: [], refusal: refusal), peers: admission.peers)
        }
        var entries: [PollingOutcome.Entry] = []
        entries.reserveCapacity(request.tokens.count)
        var anyUsable = false
        for entry in request.tokens {
            switch entry {
            case .malformed(let token):
                entries.append(.refused(token: token, .fieldInvalid, .token))
            case .token(let serial):
                guard let token = try usableToken(serial, for: request.header, in: view, context)?.token else {
                    entries.append(.refused(token: serial.description, .tokenOfOtherProduct))
                    continue
                }
                anyUsable = true
                entries.append(.found(token.polled(at: context.now)))
            }
        }
        let outcome = PollingOutcome(tokens: entries, refusal: rollUp(anyUsable: anyUsable))
        return Ruling(outcome: outcome, peers: admission.peers)
    }
}

extension Token {
    /// What a poll tells of the token.
    fileprivate func polled(at now: Int64) -> PolledToken {
        let phone = lodged(at: now)?.phone
        return PolledToken(
            token: serial,
            license: license,
            state: state(at: now),
            registrationID: phone?.registrationID,
            osVersion: phone?.osVersion
        )
    }
}
