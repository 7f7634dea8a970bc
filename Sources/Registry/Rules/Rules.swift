import Notation
import SoftToken

/// The registry's rules: what each request changes and is answered.
///
/// They are pure: they read through a ``RegistryView``, know the time and the lab's chance from a ``RuleContext``,
/// return the changes to make, and throw what the view throws. A refusal is a value. Requests with a field missing or
/// malformed never get here, except for single entries of `tokens`.
package struct Rules<View: RegistryView> {
    /// How reading fails.
    package typealias Failure = View.Failure

    let view: View
    let context: RuleContext

    /// The rules for one request, or a few.
    package init(_ view: View, _ context: RuleContext) {
        self.view = view
        self.context = context
    }

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
    func admit(_ header: RequestHeader, listing peers: inout [ClusterPeer]) throws(Failure) -> ServiceError? {
        var count = 0
        var hasUnregisteredPeer = false
        for serial in header.cluster where serial != header.serial {
            // A set for the few units of a cluster would cost more than it saves.
            guard !(0..<count).contains(where: { peers[$0].serial == serial }) else { continue }
            let isRegistered = try isRegistered(serial)
            hasUnregisteredPeer = hasUnregisteredPeer || !isRegistered
            peers.put(ClusterPeer(serial: serial, isRegistered: isRegistered), at: count)
            count += 1
        }
        let isRegistered = try isRegistered(header.serial)
        peers.put(ClusterPeer(serial: header.serial, isRegistered: isRegistered), at: count)
        peers.end(at: count + 1)

        guard isRegistered else { return .productNotRegistered }
        // [our choice: client-certificate] docs/protocol.md section 9: what the service makes of a certificate is
        // unknown; a secondary may carry its primary's, so any unit of the request will do.
        if let certificate = context.certificateSerial, !peers.contains(where: { $0.serial == certificate }) {
            return .certificateMismatch
        }
        return hasUnregisteredPeer && context.choices.unregisteredPeerFails ? .productNotRegistered : nil
    }

    @inline(__always)
    private func isRegistered(_ unit: Serial) throws(Failure) -> Bool {
        try view.device(unit) { $0.isRegistered } ?? false
    }

    /// Whether the unit may use the tokens of a license, which is no stale trial.
    @inline(__always)
    func isUsable(_ number: LicenseNumber, for header: RequestHeader) throws(Failure) -> Bool {
        let (unit, now, choices) = (header.serial, context.now, context.choices)
        return try view.license(number) { license in
            !license.isStale && license.isUsable(by: unit, listing: header.cluster, at: now, choices: choices)
        } ?? false
    }

    /// What any request comes to.
    func decide(_ request: SoftTokenRequest) throws(Failure) -> Ruling<SoftTokenOutcome> {
        switch request {
        case .activation(let request): try activate(request).map { .activation($0) }
        case .provision(let request): try provision(request).map { .provision($0) }
        case .polling(let request): try poll(request).map { .polling($0) }
        case .mobile(let request): try claim(request).map { .mobile($0) }
        }
    }

    /// The top error of an answer of which every entry, or none, could be used.
    ///
    /// [our choice: mixed-batch] docs/protocol.md 3.4 shows only one bad token: 17 stands where not one of the tokens
    /// was usable, a request without any included, and one good token makes `result` 1.
    func rollUp(anyUsable: Bool) -> ServiceError? { anyUsable ? nil : .noValidToken }
}

extension RegistryView {
    /// The licenses that a request is about, as far as the registry knows them: that of the code, or those of the
    /// tokens.
    func licensesNamed(in request: SoftTokenRequest) throws(Failure) -> [LicenseNumber] {
        switch request {
        case .activation(let activation): return try license(code: activation.code).map { [$0.number] } ?? []
        case .mobile(let phone):
            guard let claim = phone.claim else { return [] }
            return try token(claim: claim).map { [$0.license] } ?? []
        default:
            var numbers: [LicenseNumber] = []
            for serial in request.message.namedTokens {
                if let token = try token(serial) { numbers.append(token.license) }
            }
            return numbers
        }
    }
}
