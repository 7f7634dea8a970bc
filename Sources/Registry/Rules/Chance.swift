import Notation
package import SoftToken

/// The lab's chance: a function of its seed, a purpose and how often that purpose was drawn before.
///
/// The same lab that gets the same requests draws the same values, so a run repeats. Nothing here is fit for a secret
/// outside a lab.
package struct Chance: Sendable, Hashable {
    /// The lab's seed.
    package let seed: UInt64

    /// What a value is drawn for; each purpose counts its own draws.
    package enum Purpose: Sendable, Hashable {
        /// The claims of activation codes.
        case activationCodes
        /// The numbers of licenses that the operator issues without one.
        case licenseNumbers
        /// The redemption codes of such licenses, two draws each.
        case redemptionCodes
        /// The serials of a license's tokens that no document lists.
        case tokenSerials(LicenseNumber)

        /// The purpose's name in the store.
        package var name: String {
            switch self {
            case .activationCodes: "activation-codes"
            case .licenseNumbers: "license-numbers"
            case .redemptionCodes: "redemption-codes"
            case .tokenSerials(let license): "token-serials/\(license)"
            }
        }
    }

    /// Takes the lab's seed.
    package init(seed: UInt64) {
        self.seed = seed
    }

    /// The `n`th value for `purpose`, counted from 0.
    package func draw(_ purpose: Purpose, _ n: UInt64) -> UInt64 {
        let stream = Mixing.scramble(seed &+ Mixing.increment) ^ Mixing.hash(purpose.name.utf8.span)
        return Mixing.value(n, of: Mixing.scramble(stream))
    }
}

/// The draws of one purpose, one after the other, from where the registry stands.
struct Draws {
    private let purpose: Chance.Purpose
    private let chance: Chance
    private var count: UInt64

    init<View: RegistryView>(_ purpose: Chance.Purpose, of chance: Chance, in view: View) throws(View.Failure) {
        (self.purpose, self.chance) = (purpose, chance)
        count = try view.draws(for: purpose)
    }

    /// What the registry has to remember of them.
    var record: Change { .recordDraws(purpose, count) }

    mutating func next() -> UInt64 {
        defer { count += 1 }
        return chance.draw(purpose, count)
    }
}
