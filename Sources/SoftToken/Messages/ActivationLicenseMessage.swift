/// `SoftToken.ActivationLicenseRequest`: a unit redeems a code (docs/protocol.md 3.1).
package struct ActivationLicenseRequest: Sendable, Equatable {
    /// Who asks.
    package var header: RequestHeader
    /// `license_activation_code`.
    package var code: RedemptionCode

    /// Joins the fields.
    package init(header: RequestHeader, code: RedemptionCode) {
        self.header = header
        self.code = code
    }
}

/// What the rules decided on an activation (docs/protocol.md 3.2).
package enum ActivationOutcome: Sendable, Equatable {
    /// The license covers the unit; its tokens, in order of their serials.
    case granted(license: LicenseNumber, tokens: [TokenSerial])
    /// Nothing was activated.
    case refused(ServiceError)
}

extension ActivationLicenseRequest: RequestMessage {
    /// None.
    package var tokenCount: Int { 0 }
    /// None.
    package var namedTokens: [TokenSerial] { [] }
    /// As a code that is bound elsewhere.
    package func refused(listingTokens: Bool) -> SoftTokenOutcome { .activation(.refused(.licenseOfOtherProduct)) }
    /// It has none to be spoilt.
    package func spoilt(last count: Int) -> SoftTokenRequest { .activation(self) }
}

extension ActivationOutcome: OutcomeMessage {
    /// Why nothing was activated.
    package var refusal: ServiceError? { if case .refused(let reason) = self { reason } else { nil } }

    /// Tells of the license's tokens.
    package func forEachToken(_ tell: (TokenResult) -> Void) {
        guard case .granted(let license, let tokens) = self else { return }
        for token in tokens { tell(.granted(token, license)) }
    }
}
