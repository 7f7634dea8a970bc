/// `SoftToken.ProvisionRequest`: a unit lodges seeds and asks for activation codes (docs/protocol.md 3.3).
package struct ProvisionRequest: Sendable, Equatable {
    /// Who asks.
    package var header: RequestHeader
    /// The entries of `tokens`, in order.
    package var tokens: [Entry]

    /// One entry of `tokens`.
    package enum Entry: Sendable, Equatable {
        /// An entry that can be carried out.
        case order(ProvisionOrder)
        /// An entry with a member missing, of the wrong type or out of range, and the token it named, if it named one
        /// in at most 64 bytes: the answer repeats that text, and names the member.
        case malformed(token: String?, TokenField = .token)
    }

    /// Joins the fields.
    package init(header: RequestHeader, tokens: [Entry]) {
        self.header = header
        self.tokens = tokens
    }
}

/// One token to be provisioned.
package struct ProvisionOrder: Sendable, Equatable {
    /// `token`.
    package var token: TokenSerial
    /// `seed`: forty digits, made by the appliance.
    package var seed: Seed
    /// `code_expire`: minutes for which the activation code holds, 60 to 10080.
    package var codeExpire: Int
    /// `type`, `period` and `digits`.
    package var parameters: TokenParameters

    /// Minutes that an activation code may hold: an hour to a week.
    ///
    /// [our choice: code-expire-range] The bounds are those of the authenticator's published setting, 1 to 168 hours.
    package static let codeExpireRange = 60...10_080

    /// Joins the fields.
    package init(token: TokenSerial, seed: Seed, codeExpire: Int, parameters: TokenParameters) {
        self.token = token
        self.seed = seed
        self.codeExpire = codeExpire
        self.parameters = parameters
    }
}

/// What the rules decided on a provision: one entry for each of the request's, in its order, and the top error.
package struct ProvisionOutcome: Sendable, Equatable {
    /// One entry of the answer's `tokens`.
    package enum Entry: Sendable, Equatable {
        /// The seed is lodged; this code redeems it for so many minutes.
        case provisioned(token: TokenSerial, license: LicenseNumber, code: ActivationCode, codeExpire: Int)
        /// Nothing was changed for this token; the member at fault, where one is.
        case refused(token: String?, ServiceError, TokenField? = nil)
    }

    /// The answer's `tokens`.
    package var tokens: [Entry]
    /// The top `error`; nil means `result` 1.
    package var refusal: ServiceError?

    /// Joins the fields.
    package init(tokens: [Entry], refusal: ServiceError?) {
        self.tokens = tokens
        self.refusal = refusal
    }
}

extension ProvisionRequest: RequestMessage {
    /// Its orders, and what is none.
    package var tokenCount: Int { tokens.count }

    /// Those of its orders.
    package var namedTokens: [TokenSerial] {
        tokens.compactMap { if case .order(let order) = $0 { order.token } else { nil } }
    }

    /// With tokens of another product.
    package func refused(listingTokens: Bool) -> SoftTokenOutcome {
        let entries = (listingTokens ? tokens : [])
            .map { entry -> ProvisionOutcome.Entry in
                switch entry {
                case .order(let order): .refused(token: order.token.description, .tokenOfOtherProduct)
                case .malformed(let text, _): .refused(token: text, .tokenOfOtherProduct)
                }
            }
        return .provision(ProvisionOutcome(tokens: entries, refusal: .noValidToken))
    }

    /// With entries that name no token.
    package func spoilt(last count: Int) -> SoftTokenRequest {
        var spoilt = self
        for index in tokens.indices.suffix(count) {
            guard case .order(let order) = tokens[index] else { continue }
            spoilt.tokens[index] = .malformed(token: order.token.description)
        }
        return .provision(spoilt)
    }
}

extension ProvisionOutcome: OutcomeMessage {
    /// Tells of each entry.
    package func forEachToken(_ tell: (TokenResult) -> Void) {
        for entry in tokens {
            switch entry {
            case .provisioned(let token, let license, _, _): tell(.granted(token, license))
            case .refused(let token, let reason, let field): tell(.refused(token, reason, field))
            }
        }
    }
}
