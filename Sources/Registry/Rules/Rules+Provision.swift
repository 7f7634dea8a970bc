package import SoftToken

extension Rules {
    /// A unit lodges seeds and gets an activation code for each (docs/protocol.md 3.3).
    ///
    /// Each entry is decided by itself: malformed, or a token that the request named before; a token of no license that
    /// the unit may use; a locked one; else the seed is lodged, with a new activation code, and the old code and the
    /// phone's claim are dropped. A request that is refused as a whole answers no entries.
    package func provision(_ request: ProvisionRequest) throws(Failure) -> Ruling<ProvisionOutcome> {
        var peers: [ClusterPeer] = []
        if let refusal = try admit(request.header, listing: &peers) {
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
                guard var token = try view.token(order.token), try isUsable(token.license, for: request.header) else {
                    entries.append(.refused(token: order.token.description, .tokenOfOtherProduct))
                    continue
                }
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
                    lapses: try lapse(of: token.license, for: request.header)
                )
                changes.append(.updateToken(token))
                let (license, minutes) = (token.license, order.codeExpire)
                entries.append(.provisioned(token: order.token, license: license, code: code, codeExpire: minutes))
            }
        }
        if let record = claims.draws?.record { changes.append(record) }
        let outcome = ProvisionOutcome(tokens: entries, refusal: rollUp(anyUsable: !changes.isEmpty))
        return Ruling(outcome: outcome, peers: peers, changes: changes)
    }

    /// When what the unit lodges lapses: the end of the grace where nothing else lets the unit use the license; nil
    /// where something does.
    private func lapse(of number: LicenseNumber, for header: RequestHeader) throws(Failure) -> Int64? {
        try view.license(number) { license in
            license.isShared(with: header.serial, listing: header.cluster, choices: context.choices)
                ? nil : license.grace?.until
        } ?? nil
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
    /// Nil while this request drew nothing.
    private(set) var draws: Draws?
    private var claims = FewDistinct<UInt64>()

    /// The next claim.
    mutating func next<View: RegistryView>(in view: View, _ chance: Chance) throws(View.Failure) -> UInt64 {
        var draws = if let draws { draws } else { try Draws(.activationCodes, of: chance, in: view) }
        while true {
            let claim = draws.next()
            // A claim that the request replaces stays taken until its changes are made, or one phone's code could
            // become another token's within one answer.
            guard try view.token(claim: claim) == nil, claims.insert(claim) else { continue }
            self.draws = draws
            return claim
        }
    }
}
