/// The arithmetic behind all chance that a seed repeats: the FNV-1a hash and the SplitMix64 sequence, both published,
/// with fixed constants, so that no toolchain changes what a lab draws.
///
/// Nothing here is fit for a secret outside a lab.
package enum Mixing {
    /// SplitMix64's step (Steele, Lea, Flood 2014): 2^64 divided by the golden ratio.
    @inlinable package static var increment: UInt64 { 0x9E37_79B9_7F4A_7C15 }

    /// The 64-bit FNV-1a hash of `bytes`.
    package static func hash(_ bytes: Span<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for index in bytes.indices {
            hash = (hash ^ UInt64(bytes[index])) &* 0x100_0000_01B3
        }
        return hash
    }

    /// The `n`th value, counted from 0, of the SplitMix64 sequence that starts at `state`.
    @inlinable package static func value(_ n: UInt64, of state: UInt64) -> UInt64 {
        scramble(state &+ (n &+ 1) &* increment)
    }

    /// SplitMix64's output function, a bijection.
    @inlinable package static func scramble(_ word: UInt64) -> UInt64 {
        var word = word
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }
}
