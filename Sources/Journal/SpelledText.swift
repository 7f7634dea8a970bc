import Notation

/// A text with each of its letters as what it stands for, however it is spelled: as it is, percent-encoded (again and
/// again, as `%252D`), or as an escape of JSON.
struct SpelledText {
    /// What each letter stands for; a hyphen for every kind of dash, a blank for every escape that is one, and 0 for
    /// what is none of ASCII.
    private(set) var letters: [UInt8] = []
    /// Where each letter begins in the bytes, and where the last one ends; empty where each byte is a letter.
    private var starts: [UInt32] = []

    init(_ bytes: [UInt8]) {
        guard bytes.contains(where: Self.mayBeginLonger) else {
            letters = bytes
            return
        }
        letters.reserveCapacity(bytes.count)
        starts.reserveCapacity(bytes.count + 1)
        var index = 0
        while index < bytes.count {
            let (letter, end) = Self.letter(in: bytes.span, at: index)
            letters.append(letter)
            starts.append(UInt32(index))
            index = end
        }
        starts.append(UInt32(index))
    }

    private static func mayBeginLonger(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "%") || byte == UInt8(ascii: "\\") || byte == 0xE2
    }

    /// How many letters it has.
    var count: Int { letters.count }

    subscript(index: Int) -> UInt8 { letters[index] }

    /// Where letters stand in the bytes.
    func place(of letters: Range<Int>) -> Range<Int> {
        starts.isEmpty ? letters : Int(starts[letters.lowerBound])..<Int(starts[letters.upperBound])
    }

    /// The letters and digits that follow each other from here on.
    func word(at start: Int) -> Range<Int> {
        var end = start
        while end < count, letters[end].isASCIIAlphanumeric { end += 1 }
        return start..<end
    }

    /// Where a name of these small letters ends that begins here, in letters of either case; nil where another word
    /// stands here.
    func end(of name: String, at start: Int) -> Int? {
        let end = start + name.utf8.count
        guard end <= count, letters[start..<end].elementsEqual(name.utf8, by: { $0.lowered == $1 }) else { return nil }
        guard end < count else { return end }
        return letters[end].isASCIIAlphanumeric || letters[end] == UInt8(ascii: "_") ? nil : end
    }

    /// The letter that begins at a byte, and where it ends.
    private static func letter(in bytes: Span<UInt8>, at start: Int) -> (UInt8, end: Int) {
        switch bytes[start] {
        case UInt8(ascii: "%"): percentEncoded(in: bytes, at: start)
        case UInt8(ascii: "\\"): escaped(in: bytes, at: start)
        // The dashes of word processors, U+2010 to U+2015.
        case 0xE2
        where start + 2 < bytes.count && bytes[start + 1] == 0x80 && (0x90...0x95).contains(bytes[start + 2]):
            (UInt8(ascii: "-"), start + 3)
        default: (bytes[start], start + 1)
        }
    }

    /// A percent sign may be encoded itself, as `%25`, as often as the text was encoded.
    private static func percentEncoded(in bytes: Span<UInt8>, at start: Int) -> (UInt8, end: Int) {
        var index = start
        while index + 2 < bytes.count, bytes[index + 1] == UInt8(ascii: "2"), bytes[index + 2] == UInt8(ascii: "5") {
            index += 2
        }
        // No control character but a line's end or a tab: what begins a code may follow a percent sign, as in `%0F1E`.
        guard let value = Hexadecimal.number(in: bytes, at: index + 1, byteCount: 1),
            value >= 0x20 || [9, 10, 13].contains(value)
        else { return (UInt8(ascii: "%"), index + 1) }
        return (UInt8(truncatingIfNeeded: value), index + 3)
    }

    /// A text in a text has its backslashes escaped again, so that there may be many of them.
    private static func escaped(in bytes: Span<UInt8>, at start: Int) -> (UInt8, end: Int) {
        var index = start
        while index < bytes.count, bytes[index] == UInt8(ascii: "\\") { index += 1 }
        guard index < bytes.count else { return (UInt8(ascii: "\\"), index) }
        switch bytes[index] {
        case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"), UInt8(ascii: "b"), UInt8(ascii: "f"):
            return (UInt8(ascii: " "), index + 1)
        case UInt8(ascii: "/"): return (UInt8(ascii: "/"), index + 1)
        case UInt8(ascii: "u"):
            guard let value = Hexadecimal.number(in: bytes, at: index + 1, byteCount: 2) else { break }
            let isDash = (0x2010...0x2015).contains(value)
            return (value < 0x80 ? UInt8(value) : isDash ? UInt8(ascii: "-") : 0, index + 5)
        default: break
        }
        return (UInt8(ascii: "\\"), index)
    }
}

extension UInt8 {
    /// Whether it is a hexadecimal digit.
    var isHexadecimal: Bool { Hexadecimal.value(of: self) != nil }

    /// A letter in lower case.
    var lowered: UInt8 { isASCIIUppercase ? self | 0x20 : self }
}
