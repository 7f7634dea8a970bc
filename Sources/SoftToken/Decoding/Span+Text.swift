import Notation

extension Span<UInt8> {
    /// Whether these bytes are `text`, a literal of at most eight bytes.
    ///
    /// Inlined, so that the optimizer compares with constants; it unrolls a loop of eight steps, and none that is longer.
    @inline(__always)
    func equals(_ text: String) -> Bool {
        guard count == text.utf8.count else { return false }
        var index = 0
        for byte in text.utf8 {
            guard self[index] == byte else { return false }
            index += 1
        }
        return true
    }

    /// Whether these bytes are `head`, of eight bytes, and `rest`, a literal of at most eight.
    @inline(__always)
    func equals(_ head: EightBytes, _ rest: String) -> Bool {
        guard count == 8 + rest.utf8.count else { return false }
        return EightBytes(self, at: 0) == head && extracting(8...).equals(rest)
    }

    /// Whether both are the same bytes.
    func equals(_ other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        var index = 0
        while index <= count - 8 {
            guard EightBytes(self, at: index) == EightBytes(other, at: index) else { return false }
            index += 8
        }
        while index < count {
            guard self[index] == other[index] else { return false }
            index += 1
        }
        return true
    }
}
