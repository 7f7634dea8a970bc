import Notation
import SoftToken

extension Rules {
    /// A unit imports its trial: the one that it owns, or one derived from its serial.
    ///
    /// Importing again gives the same tokens, free again, and ends a stale trial. A token that the operator locked
    /// stays locked, and a revoked trial is not found.
    func activateTrial(_ header: RequestHeader, _ peers: [ClusterPeer]) throws(Failure) -> Ruling<ActivationOutcome> {
        guard var license = try view.trial(of: header.serial) else {
            return try deriveTrial(header, peers)
        }
        guard !license.isRevoked else { return Ruling(outcome: .refused(Self.notFound)) }
        let stored = license
        license.isStale = false
        license.join(header.serial, peers)
        var changes: [Change] = license == stored ? [] : [.updateLicense(license)]
        let serials = try view.tokenSerials(of: license.number)
        changes += try freed(serials)
        return Ruling(outcome: .granted(license: license.number, tokens: serials), changes: changes)
    }

    /// The trial of a unit that has none: its number and two tokens follow from the unit's serial.
    ///
    /// Draws come from the SplitMix64 sequence that starts at the FNV-1a hash of the serial: the first whose low half
    /// is no trial's number yet gives the number, the next one the first two digits of both tokens, and the following
    /// ones their other eight, passing over serials that are taken. So every lab gives a unit the same trial, as long
    /// as nothing else holds those serials.
    ///
    /// [our choice: trial] docs/protocol.md sections 4 and 5: how the vendor makes them is unknown; that two tokens
    /// share two digits is inferred from two units.
    private func deriveTrial(
        _ header: RequestHeader,
        _ peers: [ClusterPeer]
    ) throws(Failure) -> Ruling<ActivationOutcome> {
        let start = Mixing.hash(header.serial.description.utf8.span)
        var drawn: UInt64 = 0
        func next() -> UInt64 {
            defer { drawn += 1 }
            return Mixing.value(drawn, of: start)
        }
        var number = LicenseNumber(trial: UInt32(truncatingIfNeeded: next()))
        while try view.license(number) != nil {
            number = LicenseNumber(trial: UInt32(truncatingIfNeeded: next()))
        }
        var license = License(number: number, size: License.trialSize, owner: header.serial)
        license.activatedAt = context.now
        license.join(header.serial, peers)

        let sharedDigits = (next() & 0xFF) << 32
        var serials: [TokenSerial] = []
        while serials.count < License.trialSize {
            let serial = TokenSerial(number: sharedDigits | next() & 0xFFFF_FFFF)
            if !serials.contains(serial), try view.token(serial) == nil {
                serials.append(serial)
            }
        }
        serials.sort()
        return Ruling(
            outcome: .granted(license: number, tokens: serials),
            changes: [.insertLicense(license)] + serials.map { .insertToken(Token(serial: $0, license: number)) }
        )
    }
}
