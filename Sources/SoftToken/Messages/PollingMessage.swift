/// `SoftToken.PollingRequest`: a unit asks how its tokens stand (docs/protocol.md 3.5).
package struct PollingRequest: Sendable, Equatable {
    /// Who asks.
    package var header: RequestHeader
    /// The entries of `tokens`, in order.
    package var tokens: [Entry]

    /// One entry of `tokens`.
    package enum Entry: Sendable, Equatable {
        /// A well-formed serial.
        case token(TokenSerial)
        /// An entry without a well-formed serial, and the text it gave, if at most 64 bytes.
        case malformed(token: String?)
    }

    /// Joins the fields.
    package init(header: RequestHeader, tokens: [Entry]) {
        self.header = header
        self.tokens = tokens
    }
}

/// What the rules found for a poll.
package struct PollingOutcome: Sendable, Equatable {
    /// One entry of the answer's `tokens`.
    package enum Entry: Sendable, Equatable {
        /// A token of a license that covers the unit.
        case found(PolledToken)
        /// No such token for this unit; the member at fault, where one is.
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

/// How one token stands.
package struct PolledToken: Sendable, Equatable {
    /// The token.
    package var token: TokenSerial
    /// Its license.
    package var license: LicenseNumber
    /// Where it stands.
    package var state: TokenState
    /// The phone's registration id, once a phone has claimed it.
    package var registrationID: String?
    /// The phone's app version and platform, once a phone has claimed it.
    package var osVersion: String?

    /// Joins the fields.
    package init(
        token: TokenSerial,
        license: LicenseNumber,
        state: TokenState,
        registrationID: String?,
        osVersion: String?
    ) {
        self.token = token
        self.license = license
        self.state = state
        self.registrationID = registrationID
        self.osVersion = osVersion
    }
}

extension PollingRequest: RequestMessage {
    /// Its entries.
    package var tokenCount: Int { tokens.count }

    /// Those of the well-formed ones.
    package var namedTokens: [TokenSerial] {
        tokens.compactMap { if case .token(let token) = $0 { token } else { nil } }
    }

    /// With tokens of another product.
    package func refused(listingTokens: Bool) -> SoftTokenOutcome {
        let entries = (listingTokens ? tokens : [])
            .map { entry -> PollingOutcome.Entry in
                switch entry {
                case .token(let token): .refused(token: token.description, .tokenOfOtherProduct)
                case .malformed(let text): .refused(token: text, .tokenOfOtherProduct)
                }
            }
        return .polling(PollingOutcome(tokens: entries, refusal: .noValidToken))
    }

    /// With entries that name no token.
    package func spoilt(last count: Int) -> SoftTokenRequest {
        var spoilt = self
        for index in tokens.indices.suffix(count) {
            guard case .token(let token) = tokens[index] else { continue }
            spoilt.tokens[index] = .malformed(token: token.description)
        }
        return .polling(spoilt)
    }
}

extension PollingOutcome: OutcomeMessage {
    /// Tells of each entry.
    package func forEachToken(_ tell: (TokenResult) -> Void) {
        for entry in tokens {
            switch entry {
            case .found(let found): tell(.granted(found.token, found.license))
            case .refused(let token, let reason, let field): tell(.refused(token, reason, field))
            }
        }
    }
}
