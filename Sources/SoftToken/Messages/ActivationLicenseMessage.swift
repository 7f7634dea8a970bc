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
