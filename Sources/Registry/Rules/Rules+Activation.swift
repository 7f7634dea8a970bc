package import SoftToken

extension Rules {
    /// A unit redeems a code (docs/protocol.md 3.1).
    ///
    /// The zeros stand for the unit's trial. Otherwise, in this order: an unknown or revoked code is not found; a
    /// license that was never activated has either run out or is bound to the unit and the registered members of its
    /// cluster; to its owner, and to a bound member that lists the owner, it gives the same tokens again, whatever its
    /// valid-until says, and binds members that are new; to any other unit, a peer that may use its tokens and a former
    /// owner within its grace among them, it belongs to another product.
    package func activate(_ request: ActivationLicenseRequest) throws(Failure) -> Ruling<ActivationOutcome> {
        var peers: [ClusterPeer] = []
        if let refusal = try admit(request.header, listing: &peers) {
            return Ruling(outcome: .refused(refusal), peers: peers)
        }
        var ruling =
            request.code.isTrial
            ? try activateTrial(request.header, peers) : try redeem(request.code, request.header, peers)
        ruling.peers = peers
        return ruling
    }

    private func redeem(
        _ code: RedemptionCode,
        _ header: RequestHeader,
        _ peers: [ClusterPeer]
    ) throws(Failure) -> Ruling<ActivationOutcome> {
        guard var license = try view.license(code: code), !license.isRevoked else {
            return Ruling(outcome: .refused(Self.notFound))
        }
        let stored = license
        if license.owner == nil {
            guard license.isRedeemable(at: context.now) else { return Ruling(outcome: .refused(.licenseExpired)) }
            license.owner = header.serial
            license.activatedAt = context.now
            license.join(header.serial, peers)
        } else if license.isRedeemable(by: header.serial, listing: header.cluster, choices: context.choices) {
            license.join(header.serial, peers)
        } else {
            return Ruling(outcome: .refused(Self.otherProduct))
        }
        let tokens = try view.tokenSerials(of: license.number)
        return Ruling(
            outcome: .granted(license: license.number, tokens: tokens),
            changes: license == stored ? [] : [.updateLicense(license)]
        )
    }

    /// The refusal of a code that nobody has, or whose license the operator revoked.
    ///
    /// [our choice: revoked-code] docs/protocol.md section 6 has a text for a card that is not found, and none for one
    /// that was withdrawn.
    static var notFound: ServiceError { .licenseNotFound }

    /// The refusal of a code whose license is bound elsewhere.
    ///
    /// [our choice: license-of-other-product] docs/protocol.md section 6: 31 is documented as a token's error only, so
    /// an activation gets a code of the lab's own.
    private static var otherProduct: ServiceError { .licenseOfOtherProduct }
}

extension License {
    /// Binds the unit and the registered units that it lists, beside those already bound.
    mutating func join(_ unit: Serial, _ peers: [ClusterPeer]) {
        var bound = Set(cluster)
        for member in [unit] + peers.lazy.filter(\.isRegistered).map(\.serial) where bound.insert(member).inserted {
            cluster.append(member)
        }
    }
}
