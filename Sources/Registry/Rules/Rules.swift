import Notation
import SoftToken

/// The registry's rules: what each request changes and is answered.
///
/// They are pure: they read through a ``RegistryView``, know the time and the lab's chance from a ``RuleContext``, and
/// return the changes to make. A refusal is a value. Requests with a field missing or malformed never get here, except
/// for single entries of `tokens`.
package enum Rules {
    /// What every request of an appliance is asked first: checks who asks, and answers every unit it lists.
    ///
    /// [our choice: peer-order] Peers keep the order of the request and the requesting unit comes last, as in the one
    /// published answer with a pair; it is added where it was not listed, and a unit listed twice is answered once.
    ///
    /// [our choice: unregistered-unit] docs/protocol.md section 6: the published wording stands only in a peer's entry;
    /// a requesting unit that is unknown or not registered is refused with it, and gets no trial.
    ///
    /// `peers` becomes the answer's `__clustered_sns`; why the request as a whole is refused is returned, nil where it
    /// is not.
    ///
    /// - Throws: What the view throws.
    static func admit<View: RegistryView>(
        _ header: RequestHeader,
        in view: View,
        _ context: RuleContext,
        listing peers: inout [ClusterPeer]
    ) throws(View.Failure) -> ServiceError? {
        var count = 0
        var hasUnregisteredPeer = false
        for serial in header.cluster where serial != header.serial {
            // A set for the few units of a cluster would cost more than it saves.
            guard !(0..<count).contains(where: { peers[$0].serial == serial }) else { continue }
            let isRegistered = try isRegistered(serial, in: view)
            hasUnregisteredPeer = hasUnregisteredPeer || !isRegistered
            peers.put(ClusterPeer(serial: serial, isRegistered: isRegistered), at: count)
            count += 1
        }
        let isRegistered = try isRegistered(header.serial, in: view)
        peers.put(ClusterPeer(serial: header.serial, isRegistered: isRegistered), at: count)
        peers.end(at: count + 1)

        guard isRegistered else { return .productNotRegistered }
        if let certificate = context.certificateSerial, !isFitting(certificate, for: peers) {
            return .certificateMismatch
        }
        return hasUnregisteredPeer && context.choices.unregisteredPeerFails ? .productNotRegistered : nil
    }

    @inline(__always)
    private static func isRegistered<View: RegistryView>(
        _ unit: Serial,
        in view: View
    ) throws(View.Failure) -> Bool {
        try view.device(unit) { $0.isRegistered } ?? false
    }

    /// Whether a client certificate for `certificate` may speak for a unit that answers for these peers, itself
    /// included.
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
        guard let token = try view.token(serial), try isUsable(token.license, for: header, in: view, context) else {
            return nil
        }
        let lapses = try view.license(token.license) { license in
            license.isShared(with: header.serial, listing: header.cluster, choices: context.choices)
                ? nil : license.grace?.until
        }
        return UsableToken(token: token, lapses: lapses ?? nil)
    }

    /// Whether the unit may use the tokens of a license, which is no stale trial.
    @inline(__always)
    static func isUsable<View: RegistryView>(
        _ number: LicenseNumber,
        for header: RequestHeader,
        in view: View,
        _ context: RuleContext
    ) throws(View.Failure) -> Bool {
        let isUsable = try view.license(number) { license in
            !license.isStale
                && license.isUsable(
                    by: header.serial,
                    listing: header.cluster,
                    at: context.now,
                    choices: context.choices
                )
        }
        return isUsable ?? false
    }

    /// What any request comes to.
    ///
    /// - Throws: What the view throws.
    static func decide<View: RegistryView>(
        _ request: SoftTokenRequest,
        in view: View,
        _ context: RuleContext
    ) throws(View.Failure) -> Ruling<SoftTokenOutcome> {
        switch request {
        case .activation(let request):
            let ruling = try activate(request, in: view, context)
            return Ruling(outcome: .activation(ruling.outcome), peers: ruling.peers, changes: ruling.changes)
        case .provision(let request):
            let ruling = try provision(request, in: view, context)
            return Ruling(outcome: .provision(ruling.outcome), peers: ruling.peers, changes: ruling.changes)
        case .polling(let request):
            let ruling = try poll(request, in: view, context)
            return Ruling(outcome: .polling(ruling.outcome), peers: ruling.peers, changes: ruling.changes)
        case .mobile(let request):
            let ruling = try claim(request, in: view, context)
            return Ruling(outcome: .mobile(ruling.outcome), peers: ruling.peers, changes: ruling.changes)
        }
    }

    /// The licenses that a request is about, as far as the registry knows them: that of the code, or those of the
    /// tokens.
    ///
    /// - Throws: What the view throws.
    static func licenses<View: RegistryView>(
        of request: SoftTokenRequest,
        in view: View
    ) throws(View.Failure) -> [LicenseNumber] {
        switch request {
        case .activation(let activation): return try view.license(code: activation.code).map { [$0.number] } ?? []
        case .mobile(let phone):
            guard let claim = phone.claim else { return [] }
            return try view.token(claim: claim).map { [$0.license] } ?? []
        default:
            var numbers: [LicenseNumber] = []
            for serial in request.message.namedTokens {
                if let token = try view.token(serial) { numbers.append(token.license) }
            }
            return numbers
        }
    }

    /// The top error of an answer of which every entry, or none, could be used.
    ///
    /// [our choice: mixed-batch] docs/protocol.md 3.4 shows only one bad token: 17 stands where not one of the tokens
    /// was usable, a request without any included, and one good token makes `result` 1.
    static func rollUp(anyUsable: Bool) -> ServiceError? {
        anyUsable ? nil : .noValidToken
    }
}
