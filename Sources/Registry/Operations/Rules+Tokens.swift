import SoftToken

extension Rules {
    static func setLock<View: RegistryView>(
        _ isLocked: Bool,
        _ serial: TokenSerial,
        in view: View
    ) throws(View.Failure) -> Ruling<OperationOutcome> {
        guard var token = try view.token(serial) else { return refuse(.notFound(.token, name: "\(serial)")) }
        guard token.isLocked != isLocked else { return Ruling(outcome: .token(token)) }
        token.isLocked = isLocked
        return Ruling(outcome: .token(token), changes: [.updateToken(token)])
    }

    /// Drops everything that was lodged for a token; a locked one has to be unlocked first.
    static func release<View: RegistryView>(
        _ serial: TokenSerial,
        in view: View
    ) throws(View.Failure) -> Ruling<OperationOutcome> {
        guard var token = try view.token(serial) else { return refuse(.notFound(.token, name: "\(serial)")) }
        guard !token.isLocked else { return refuse(.conflict("token \(serial) is locked")) }
        guard token.provisioning != nil else { return Ruling(outcome: .token(token)) }
        token.provisioning = nil
        return Ruling(outcome: .token(token), changes: [.updateToken(token)])
    }

    /// Ends the activation code of a token that waits for a phone.
    static func expire<View: RegistryView>(
        _ serial: TokenSerial,
        in view: View,
        _ context: RuleContext
    ) throws(View.Failure) -> Ruling<OperationOutcome> {
        guard var token = try view.token(serial) else { return refuse(.notFound(.token, name: "\(serial)")) }
        let state = token.state(at: context.now)
        guard state == .pending else {
            return refuse(.conflict("token \(serial) is \(state.rawValue), so no activation code of it is pending"))
        }
        token.provisioning?.codeExpires = context.now
        return Ruling(outcome: .token(token), changes: [.updateToken(token)])
    }
}
