import Notation

/// A member's name of up to 24 bytes in three words: a key of a request is held against a dozen names, and this compares
/// with each in a few instructions.
struct ShortName: Equatable {
    /// Which names are as long.
    private let count: Int
    // The bytes, and zeros behind them.
    private let first: EightBytes
    private let second: EightBytes
    private let third: EightBytes

    /// Packs the bytes, or returns nil where they are too many.
    @inline(__always)
    init?(_ bytes: Span<UInt8>) {
        guard bytes.count <= 24 else { return nil }
        count = bytes.count
        first = EightBytes(bytes, from: 0)
        second = EightBytes(bytes, from: 8)
        third = EightBytes(bytes, from: 16)
    }

    /// Whether both are the same bytes; the lengths differ between most names.
    @inline(__always)
    static func == (left: ShortName, right: ShortName) -> Bool {
        left.count == right.count && left.first == right.first && left.second == right.second
            && left.third == right.third
    }
}
