import SoftToken

/// The registry's rules: what each request changes and is answered.
///
/// They are pure: they read through a ``RegistryView``, know the time and the lab's chance from a ``RuleContext``, and
/// return the changes to make. A refusal is a value. Requests with a field missing or malformed never get here, except
/// for single entries of `tokens`.
package enum Rules {
    /// What every request of an appliance is asked first.
    struct Admission {
        /// The answer's `__clustered_sns`.
        var peers: [ClusterPeer]
        /// Why the request as a whole is refused.
        var refusal: ServiceError?
    }

    /// Checks who asks, and answers every unit it lists.
    ///
    /// [our choice: peer-order] Peers keep the order of the request and the requesting unit comes last, as in the one
    /// published answer with a pair; it is added where it was not listed, and a unit listed twice is answered once.
    ///
    /// [our choice: unregistered-unit] docs/protocol.md section 6: the published wording stands only in a peer's entry;
    /// a requesting unit that is unknown or not registered is refused with it, and gets no trial.
    static func admit<View: RegistryView>(
        _ header: RequestHeader,
        in view: View,
        _ context: RuleContext
    ) throws(View.Failure) -> Admission {
        var peers: [ClusterPeer] = []
        peers.reserveCapacity(header.cluster.count + 1)
        var seen: Set<Serial> = []
        for serial in header.cluster where serial != header.serial {
            // A set for the few units of a cluster would cost more than it saves.
            let isRepeated =
                header.cluster.count > 16
                ? !seen.insert(serial).inserted : peers.contains { $0.serial == serial }
            if !isRepeated {
                peers.append(ClusterPeer(serial: serial, isRegistered: try view.device(serial)?.isRegistered == true))
            }
        }
        let hasUnregisteredPeer = peers.contains { !$0.isRegistered }
        let isRegistered = try view.device(header.serial)?.isRegistered == true
        peers.append(ClusterPeer(serial: header.serial, isRegistered: isRegistered))

        var refusal: ServiceError?
        if !isRegistered {
            refusal = .productNotRegistered
        } else if let certificate = context.certificateSerial, !isFitting(certificate, for: peers) {
            refusal = .certificateMismatch
        } else if hasUnregisteredPeer, context.choices.unregisteredPeerFails {
            refusal = .productNotRegistered
        }
        return Admission(peers: peers, refusal: refusal)
    }

    /// Whether a client certificate for `certificate` may speak for a unit that answers for these peers, itself included.
    ///
    /// [our choice: client-certificate] docs/protocol.md section 9: what the service makes of a certificate is unknown;
    /// a secondary may carry its primary's, so any unit of the request will do.
    private static func isFitting(_ certificate: Serial, for peers: [ClusterPeer]) -> Bool {
        peers.contains { $0.serial == certificate }
    }

    /// A token that a unit may use.
    struct UsableToken {
        /// The token as it is stored.
        var token: Token
        /// When what the unit lodges for it lapses: the end of the grace where nothing else lets the unit use it; nil
        /// where something does.
        var lapses: Int64?
    }

    /// The token, if a license that the unit may use has it and is not a stale trial.
    static func usableToken<View: RegistryView>(
        _ serial: TokenSerial,
        for header: RequestHeader,
        in view: View,
        _ context: RuleContext
    ) throws(View.Failure) -> UsableToken? {
        guard let token = try view.token(serial), let license = try view.license(token.license),
            !license.isStale,
            license.isUsable(by: header.serial, listing: header.cluster, at: context.now, choices: context.choices)
        else { return nil }
        let isShared = license.isShared(with: header.serial, listing: header.cluster, choices: context.choices)
        return UsableToken(token: token, lapses: isShared ? nil : license.grace?.until)
    }

    /// The licenses that a request is about, as far as the registry knows them: that of the code, or those of the tokens.
    ///
    /// - Throws: What the view throws.
    static func licenses<View: RegistryView>(
        of request: SoftTokenRequest,
        in view: View
    ) throws(View.Failure) -> [LicenseNumber] {
        var numbers: [LicenseNumber] = []
        switch request {
        case .activation(let activation):
            if let license = try view.license(code: activation.code) { numbers.append(license.number) }
        case .provision(let provision):
            for case .order(let order) in provision.tokens {
                if let token = try view.token(order.token) { numbers.append(token.license) }
            }
        case .polling(let polling):
            for case .token(let serial) in polling.tokens {
                if let token = try view.token(serial) { numbers.append(token.license) }
            }
        case .mobile(let claim):
            if let digits = claim.claim, let token = try view.token(claim: digits) { numbers.append(token.license) }
        }
        return numbers
    }

    /// The top error of an answer of which every entry, or none, could be used.
    ///
    /// [our choice: mixed-batch] docs/protocol.md 3.4 shows only one bad token: 17 stands where not one of the tokens
    /// was usable, a request without any included, and one good token makes `result` 1.
    static func rollUp(anyUsable: Bool) -> ServiceError? {
        anyUsable ? nil : .noValidToken
    }
}
