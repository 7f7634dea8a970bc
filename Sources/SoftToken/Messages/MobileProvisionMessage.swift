/// `SoftToken.MobileProvisionRequest`: a phone redeems an activation code (docs/protocol.md 3.6).
package struct MobileProvisionRequest: Sendable, Equatable {
    /// What it says of its software.
    package var sender: Sender
    /// `mobile_id`: the phone, 1 to 64 bytes of text; its first sixteen bytes are the key that seals the seed.
    package var mobileID: String
    /// `token_activation_code`: the eight bytes of the code's claim, or nil where the text is no sixteen digits (which
    /// is answered like an unknown code).
    package var claim: UInt64?
    /// Whether `token_activation_code` was the whole code, as a person types it, and not the claim that a phone reads
    /// from it: a mistake that nothing but the records can tell from a wrong code.
    package var hasWholeCode: Bool
    /// `reg_id`: at most 256 bytes.
    ///
    /// [our choice: mobile-optional-keys] The keys by which a phone names its registration and version are unpublished.
    package var registrationID: String?
    /// `os_ver`: at most 15 bytes.
    package var osVersion: String?

    /// Joins the fields.
    package init(
        sender: Sender = Sender(),
        mobileID: String,
        claim: UInt64?,
        hasWholeCode: Bool = false,
        registrationID: String? = nil,
        osVersion: String? = nil
    ) {
        self.sender = sender
        self.mobileID = mobileID
        self.claim = claim
        self.hasWholeCode = hasWholeCode
        self.registrationID = registrationID
        self.osVersion = osVersion
    }
}

extension MobileProvisionRequest: CustomStringConvertible {
    /// The kind of request alone: the claim is worth the token's seed, and the phone's id opens the sealed one.
    package var description: String { "mobile provision request (hidden)" }
}

/// What the rules decided on a phone's claim.
package enum MobileOutcome: Sendable, Equatable {
    /// The phone has the token now; the seed goes out sealed.
    case granted(token: TokenSerial, seed: Seed)
    /// Nothing was changed.
    case refused(ServiceError)
}

/// A phone's answer, with the seed sealed for it.
package enum MobileAnswer: Sendable, Equatable {
    /// `seed` and `mobile_id_hash` are ready text in ASCII; both are made where the cryptography is.
    case granted(token: TokenSerial, mobileIDHash: [UInt8], sealedSeed: [UInt8])
    /// Nothing was changed.
    case refused(ServiceError)
}

extension MobileAnswer: CustomStringConvertible {
    /// The token or the reason, without the sealed seed.
    package var description: String {
        switch self {
        case .granted(let token, _, _): "granted(\(token), seed hidden)"
        case .refused(let reason): "refused(\(reason))"
        }
    }
}

extension MobileProvisionRequest: RequestMessage {
    /// None: its claim names the token.
    package var tokenCount: Int { 0 }
    /// None.
    package var namedTokens: [TokenSerial] { [] }
    /// As one whose code nobody has.
    package func refused(listingTokens: Bool) -> SoftTokenOutcome { .mobile(.refused(.activationCodeInvalid)) }
    /// It has none to be spoilt.
    package func spoilt(last count: Int) -> SoftTokenRequest { .mobile(self) }
}

extension MobileOutcome: OutcomeMessage {
    /// Why nothing was changed.
    package var refusal: ServiceError? { if case .refused(let reason) = self { reason } else { nil } }

    /// Tells of the token that the phone has now.
    package func forEachToken(_ tell: (TokenResult) -> Void) {
        if case .granted(let token, _) = self { tell(.granted(token, nil)) }
    }
}
