import Notation

/// One to sixteen bytes of printable ASCII, held in place: the storage of every serial and license number.
///
/// Two words compare and hash in a few instructions and need no allocation, which is why the registry's keys are not
/// `String`s. Big-endian packing makes the order of the words the order of the text.
package struct ASCII16: Hashable, Sendable {
    private let high: UInt64
    private let low: UInt64

    /// Packs the bytes, or returns nil for none, more than sixteen, or any byte outside `!`…`~`.
    package init?(_ bytes: Span<UInt8>) {
        self.init(bytes) { $0.marks(within: 0x21...0x7E) }
    }

    /// Packs the bytes, or returns nil for none, more than sixteen, or any byte that `allowed` does not mark; what it
    /// marks is printable.
    @inline(__always)
    init?(_ bytes: Span<UInt8>, where allowed: (EightBytes) -> UInt64) {
        guard (1...16).contains(bytes.count) else { return nil }
        let first = EightBytes(bytes, from: 0)
        let second = EightBytes(bytes, from: 8)
        guard allowed(first) == EightBytes.all(first: bytes.count),
            allowed(second) == EightBytes.all(first: bytes.count - 8)
        else { return nil }
        self.init(first, second)
    }

    /// Packs bytes that are known to be printable, and the zeros behind them.
    init(_ first: EightBytes, _ second: EightBytes) {
        high = first.word.byteSwapped
        low = second.word.byteSwapped
    }

    /// The bytes, and zeros behind them.
    var words: (EightBytes, EightBytes) { (EightBytes(word: high.byteSwapped), EightBytes(word: low.byteSwapped)) }

    /// How many bytes the text has.
    package var count: Int {
        low == 0 ? 8 - high.trailingZeroBitCount / 8 : 16 - low.trailingZeroBitCount / 8
    }

    /// The byte at `index`, counted from 0; 0 past the end of the text.
    package subscript(index: Int) -> UInt8 {
        guard index < 16 else { return 0 }
        let word = index < 8 ? high : low
        return UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * (index % 8)))
    }

    /// A number for tables in memory, which nobody can foresee who doesn't know the secret.
    package func hash(with secret: UInt64) -> UInt64 {
        // Every bit of both words reaches both halves of the product.
        let product = (high ^ secret).multipliedFullWidth(by: low ^ secret.byteSwapped)
        return product.high ^ product.low
    }

    /// Appends the text to `buffer`.
    package func append(to buffer: inout [UInt8]) {
        buffer.append(addingCapacity: 16) { append(to: &$0) }
    }

    /// Appends the text to `output`, which has room for sixteen bytes.
    @inline(__always)
    package func append(to output: inout OutputSpan<UInt8>) {
        guard count == 16 else {
            for index in 0..<count {
                output.append(self[index])
            }
            return
        }
        // Nearly every serial; the optimizer unrolls these two, which never end early.
        for index in 0..<8 {
            output.append(UInt8(truncatingIfNeeded: high >> UInt64(56 - 8 * index)))
        }
        for index in 0..<8 {
            output.append(UInt8(truncatingIfNeeded: low >> UInt64(56 - 8 * index)))
        }
    }

    /// Whether the text begins with `prefix`, which is ASCII.
    package func hasPrefix(_ prefix: String) -> Bool {
        var index = 0
        for byte in prefix.utf8 {
            guard self[index] == byte else { return false }
            index += 1
        }
        return true
    }
}

extension ASCII16: Comparable {
    /// Orders as the bytes of the texts do.
    package static func < (left: ASCII16, right: ASCII16) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}

extension ASCII16: CustomStringConvertible {
    /// The text itself.
    package var description: String {
        String(decoding: (0..<count).map { self[$0] }, as: UTF8.self)
    }
}
