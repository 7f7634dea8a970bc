/// Every reason for which the service refuses, by meaning; ``ErrorTable`` gives each its code and text.
package enum ServiceError: String, Sendable, CaseIterable {
    /// The license was never activated and its valid-until day has passed.
    case licenseExpired
    /// No license has this redemption code.
    case licenseNotFound
    /// Not one token of the request could be used.
    case noValidToken
    /// The requesting unit is unknown or not registered; also the text for such a peer.
    case productNotRegistered
    /// The token is no token of a license that covers the unit.
    case tokenOfOtherProduct
    /// The phone's activation code is unknown, run out, or claimed by another phone.
    case activationCodeInvalid
    /// `__type` names no request of this service.
    case unknownType
    /// The client certificate names a unit that is neither the requesting one nor in its cluster.
    case certificateMismatch
    /// The license is bound to units that do not cover the requesting one.
    case licenseOfOtherProduct
    /// A required field is missing, of the wrong type or malformed.
    case fieldInvalid
    /// The operator locked the token.
    case tokenLocked

    /// Whether code, text and place are all published, so that nobody has anything to correct.
    package var isFixed: Bool {
        switch self {
        case .licenseExpired, .noValidToken, .tokenOfOtherProduct, .activationCodeInvalid: true
        case .licenseNotFound, .productNotRegistered, .unknownType, .certificateMismatch, .licenseOfOtherProduct,
            .fieldInvalid, .tokenLocked:
            false
        }
    }
}
