package import SoftToken

extension Rules {
    /// A unit lodges seeds and gets an activation code for each (docs/protocol.md 3.3).
    ///
    /// Each entry is decided by itself: malformed, or a token that the request named before; a token of no license that
    /// the unit may use; a locked one; else the seed is lodged, with a new activation code, and the old code and the
    /// phone's claim are dropped. A request that is refused as a whole answers no entries.
    ///
    /// - Throws: What the view throws.
    package static func provision<View: RegistryView>(
        _ request: ProvisionRequest,
        in view: View,
        _ context: RuleContext
    ) throws(View.Failure) -> Ruling<ProvisionOutcome> {
        var peers: [ClusterPeer] = []
        if let refusal = try admit(request.header, in: view, context, listing: &peers) {
            return Ruling(outcome: ProvisionOutcome(tokens: [], refusal: refusal), peers: peers)
        }
        var entries: [ProvisionOutcome.Entry] = []
        entries.reserveCapacity(request.tokens.count)
        var changes: [Change] = []
        changes.reserveCapacity(request.tokens.count + 1)
        var named = FewDistinct<TokenSerial>()
        var claims = ClaimDraws()
        for entry in request.tokens {
            switch entry {
            case .malformed(let token, let field):
                entries.append(.refused(token: token, .fieldInvalid, field))
            case .order(let order) where !named.insert(order.token):
                entries.append(.refused(token: order.token.description, .fieldInvalid, .token))
            case .order(let order):
                guard let usable = try usableToken(order.token, for: request.header, in: view, context) else {
                    entries.append(.refused(token: order.token.description, .tokenOfOtherProduct))
                    continue
                }
                var token = usable.token
                guard !token.isLocked else {
                    entries.append(.refused(token: order.token.description, .tokenLocked))
                    continue
                }
                let claim = try claims.next(in: view, context.chance)
                let code = ActivationCode(claim: claim, parameters: order.parameters)
                token.provisioning = Token.Provisioning(
                    seed: order.seed,
                    parameters: order.parameters,
                    code: code,
                    codeExpires: context.now + Int64(order.codeExpire) * 60,
                    lapses: usable.lapses
                )
                changes.append(.updateToken(token))
                entries.append(
                    .provisioned(
                        token: token.serial,
                        license: token.license,
                        code: code,
                        codeExpire: order.codeExpire
                    )
                )
            }
        }
        if let drawn = claims.drawn {
            changes.append(.recordDraws(.activationCodes, drawn))
        }
        let outcome = ProvisionOutcome(tokens: entries, refusal: rollUp(anyUsable: !changes.isEmpty))
        return Ruling(outcome: outcome, peers: peers, changes: changes)
    }
}

/// A set of which nearly every one has a single element, and takes no memory for it.
private struct FewDistinct<Element: Hashable> {
    private var first: Element?
    private var others: Set<Element> = []

    /// Adds an element, and says whether it is new.
    mutating func insert(_ element: Element) -> Bool {
        guard let first else {
            first = element
            return true
        }
        return element != first && others.insert(element).inserted
    }
}

/// The claims that one request draws: each unlike every claim in the registry and every one drawn before.
private struct ClaimDraws {
    /// How often the purpose was drawn by now; nil while this request drew nothing.
    private(set) var drawn: UInt64?
    private var claims = FewDistinct<UInt64>()

    /// The next claim.
    mutating func next<View: RegistryView>(in view: View, _ chance: Chance) throws(View.Failure) -> UInt64 {
        var count = if let drawn { drawn } else { try view.draws(for: .activationCodes) }
        while true {
            let claim = chance.draw(.activationCodes, count)
            count += 1
            // A claim that the request replaces stays taken until its changes are made, or one phone's code could
            // become another token's within one answer.
            if try view.token(claim: claim) == nil, claims.insert(claim) {
                drawn = count
                return claim
            }
        }
    }
}
