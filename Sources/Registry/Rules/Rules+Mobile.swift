package import SoftToken

extension Rules {
    /// A phone redeems an activation code (docs/protocol.md 3.6).
    ///
    /// The same phone may come again while the code holds; what it then tells of itself replaces what it told before,
    /// and what it leaves out stays.
    ///
    /// [our choice: phone-refusals] docs/protocol.md 3.6 knows one refusal, for a second phone: a code that is unknown,
    /// has run out, or belongs to a locked token gets the same.
    package func claim(_ request: MobileProvisionRequest) throws(Failure) -> Ruling<MobileOutcome> {
        guard let claim = request.claim, var token = try view.token(claim: claim), !token.isLocked,
            var provisioning = token.lodged(at: context.now), context.now < provisioning.codeExpires,
            provisioning.phone.map({ $0.mobileID == request.mobileID }) ?? true
        else { return Ruling(outcome: .refused(.activationCodeInvalid)) }
        let stored = provisioning.phone
        let phone = Token.Phone(
            mobileID: request.mobileID,
            registrationID: request.registrationID ?? stored?.registrationID,
            osVersion: request.osVersion ?? stored?.osVersion
        )
        let outcome = MobileOutcome.granted(token: token.serial, seed: provisioning.seed)
        guard phone != stored else { return Ruling(outcome: outcome) }
        provisioning.phone = phone
        token.provisioning = provisioning
        return Ruling(outcome: outcome, changes: [.updateToken(token)])
    }
}
