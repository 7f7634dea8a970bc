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
        let stream = Mixing.scramble(seed &+ Mixing.increment) ^ Mixing.hash(purpose.name.utf8)
        return Mixing.value(n, of: Mixing.scramble(stream))
    }
}

/// The arithmetic behind ``Chance`` and derived serials: the FNV-1a hash and the SplitMix64 sequence, both published,
/// with fixed constants, so that no toolchain changes what a lab draws.
enum Mixing {
    /// SplitMix64's step (Steele, Lea, Flood 2014): 2^64 divided by the golden ratio.
    static let increment: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// The 64-bit FNV-1a hash of `bytes`.
    static func hash(_ bytes: some Sequence<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
        }
        return hash
    }

    /// The `n`th value of the SplitMix64 sequence that starts at `state`.
    static func value(_ n: UInt64, of state: UInt64) -> UInt64 {
        scramble(state &+ (n &+ 1) &* increment)
    }

    /// SplitMix64's output function, a bijection.
    static func scramble(_ word: UInt64) -> UInt64 {
        var word = word
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }
}
