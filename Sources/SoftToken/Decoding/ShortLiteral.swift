import Notation

/// A stretch of a message that is known beforehand, such as a member's name with its quotes and its colon, in three words.
struct ShortLiteral {
    /// How many bytes it has, at most 24.
    let count: Int
    // The bytes, and zeros behind them.
    private let first: EightBytes
    private let second: EightBytes
    private let third: EightBytes

    /// Joins literals of eight bytes, the last of which may be shorter.
    ///
    /// Inlined, so that the optimizer makes numbers of them.
    @inline(__always)
    init(_ first: EightBytes, _ second: EightBytes = "", _ third: EightBytes = "") {
        (self.first, self.second, self.third) = (first, second, third)
        count = first.textCount + second.textCount + third.textCount
    }

    /// Whether these words begin with it; it has eight bytes or more.
    @inline(__always)
    func begins(_ words: (EightBytes, EightBytes, EightBytes)) -> Bool {
        words.0 == first && second.begins(words.1, count: count - 8)
            && (count <= 16 || third.begins(words.2, count: count - 16))
    }

    /// Whether it begins at `start`, with room for all of its last word.
    @inline(__always)
    func stands(at start: Int, in bytes: Span<UInt8>) -> Bool {
        let room = count <= 8 ? 8 : count <= 16 ? 16 : 24
        guard start <= bytes.count - room, first.begins(EightBytes(bytes, at: start), count: count) else {
            return false
        }
        guard count > 8 else { return true }
        guard second.begins(EightBytes(bytes, at: start + 8), count: count - 8) else { return false }
        return count <= 16 || third.begins(EightBytes(bytes, at: start + 16), count: count - 16)
    }
}
