/// What a sender calls the version or the build of its software: at most ``RequestLimits/version`` bytes, held in place.
///
/// Every request has up to three of them, which nobody reads: the answer repeats them. Without a reference in it, such a text
/// costs nothing on its way there, however often the request that holds it is handed on.
package struct VersionText: Sendable, Equatable {
    // The bytes, and zeros behind them.
    private let first: EightBytes
    private let second: EightBytes
    private let third: EightBytes
    private let fourth: EightBytes
    /// How many bytes of UTF-8 it has.
    package let count: Int

    /// Takes the bytes of a text, or returns nil where they are too many.
    init?(_ bytes: Span<UInt8>) {
        guard bytes.count <= RequestLimits.version else { return nil }
        first = EightBytes(bytes, from: 0)
        second = EightBytes(bytes, from: 8)
        third = EightBytes(bytes, from: 16)
        fourth = EightBytes(bytes, from: 24)
        count = bytes.count
    }

    /// Whether it stands in JSON as it is: without quotes, backslashes and control characters.
    var isPlain: Bool {
        let length = count
        return first.escapesNothing(in: length) && second.escapesNothing(in: length - 8)
            && third.escapesNothing(in: length - 16) && fourth.escapesNothing(in: length - 24)
    }

    /// The byte at `index`, counted from 0.
    subscript(index: Int) -> UInt8 {
        let word = index < 16 ? (index < 8 ? first : second) : (index < 24 ? third : fourth)
        return UInt8(truncatingIfNeeded: word.word >> UInt64(8 * (index % 8)))
    }
}

extension VersionText: ExpressibleByStringLiteral {
    /// Takes a literal, which is short enough.
    package init(stringLiteral text: String) {
        guard let version = VersionText(text.utf8.span) else { preconditionFailure("a version's text is too long") }
        self = version
    }
}

extension VersionText: CustomStringConvertible {
    /// The text itself.
    package var description: String {
        String(decoding: (0..<count).map { self[$0] }, as: UTF8.self)
    }
}
