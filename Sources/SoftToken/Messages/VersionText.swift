import Notation

/// What a sender calls the version or the build of its software: at most ``MessageLimits/version`` bytes, held in
/// place.
///
/// Every request has up to three of them, which nobody reads: the answer repeats them. Without a reference in it, such
/// a text costs nothing on its way there, however often the request that holds it is handed on.
package struct VersionText: Sendable, Equatable {
    /// The bytes, and zeros behind them.
    let words: InlineArray<4, EightBytes>
    /// How many bytes of UTF-8 it has.
    package let count: Int

    private init(words: InlineArray<4, EightBytes>, count: Int) {
        (self.words, self.count) = (words, count)
    }

    /// Takes the bytes of a text, or returns nil where they are too many.
    init?(_ bytes: Span<UInt8>) {
        guard bytes.count <= MessageLimits.version else { return nil }
        let words: InlineArray<4, EightBytes> = [
            EightBytes(bytes, from: 0), EightBytes(bytes, from: 8), EightBytes(bytes, from: 16),
            EightBytes(bytes, from: 24),
        ]
        self.init(words: words, count: bytes.count)
    }

    /// Takes one word, and how many bytes of it are the text.
    @inline(__always)
    init(_ word: EightBytes, count: Int) {
        self.init(words: [word, EightBytes(word: 0), EightBytes(word: 0), EightBytes(word: 0)], count: count)
    }

    /// Whether it stands in JSON as it is: without quotes, backslashes and control characters.
    @inline(__always)
    var isPlain: Bool {
        guard words[0].escapesNothing(in: count) else { return false }
        var index = 1
        while 8 * index < count {
            guard words[index].escapesNothing(in: count - 8 * index) else { return false }
            index += 1
        }
        return true
    }

    /// Whether both are the same bytes.
    package static func == (left: VersionText, right: VersionText) -> Bool {
        left.count == right.count && left.words.indices.allSatisfy { left.words[$0] == right.words[$0] }
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
        String(decoding: (0..<count).map { words[$0 / 8][$0 % 8] }, as: UTF8.self)
    }
}
