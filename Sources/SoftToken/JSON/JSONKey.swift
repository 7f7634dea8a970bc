/// A member's name as a compact writer puts it, with its quotes and its colon, in three words: where a message has its members in
/// the usual order, a reader knows which key comes next and compares, rather than to look for the key's end and then for its
/// name.
struct JSONKey {
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

    /// Where the name is in a document in which the key begins at `start`.
    func name(at start: Int) -> JSONString {
        JSONString(range: start + 1..<start + count - 2, hasEscapes: false)
    }

    /// Whether it begins at `start`, with room for three words behind.
    @inline(__always)
    func stands(at start: Int, in bytes: Span<UInt8>) -> Bool {
        guard start <= bytes.count - 24, first.begins(EightBytes(bytes, at: start), count: count) else { return false }
        guard count > 8 else { return true }
        guard second.begins(EightBytes(bytes, at: start + 8), count: count - 8) else { return false }
        return count <= 16 || third.begins(EightBytes(bytes, at: start + 16), count: count - 16)
    }
}
