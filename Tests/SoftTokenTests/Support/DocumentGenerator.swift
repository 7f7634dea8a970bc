/// Makes random documents that RFC 8259 allows, in random spelling.
struct DocumentGenerator {
    private var random: SeededGenerator

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
    }

    /// One document with random white space, escapes and number forms.
    mutating func document() -> [UInt8] {
        var bytes: [UInt8] = []
        space(&bytes)
        value(&bytes, depth: Int.random(in: 1...5, using: &random))
        space(&bytes)
        return bytes
    }

    /// A copy with a few bytes replaced, inserted, removed or repeated.
    mutating func mutation(of document: [UInt8]) -> [UInt8] {
        var bytes = document
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let index = Int.random(in: 0...bytes.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0 where index < bytes.count: bytes[index] = byte()
            case 1 where index < bytes.count: bytes.remove(at: index)
            case 2: bytes.removeSubrange(index...)
            case 3 where index < bytes.count:
                let end = Int.random(in: index...min(bytes.count, index + 8), using: &random)
                bytes.insert(contentsOf: Array(bytes[index..<end]), at: index)
            default: bytes.insert(byte(), at: index)
            }
        }
        return bytes
    }

    /// A byte that is likely to matter.
    ///
    /// Zero is left out: Foundation takes it for a sign of UTF-16 or UTF-32.
    private mutating func byte() -> UInt8 {
        let telling: [UInt8] =
            Array("{}[]:,\"\\/-+.eE019 \ttfnu".utf8) + [0x1F, 0x7F, 0x80, 0xC0, 0xC3, 0xED, 0xF4, 0xFF]
        guard Bool.random(using: &random) else { return UInt8.random(in: 1...255, using: &random) }
        return telling[Int.random(in: 0..<telling.count, using: &random)]
    }

    private mutating func value(_ bytes: inout [UInt8], depth: Int) {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &random) {
        case 0: string(&bytes)
        case 1: number(&bytes)
        case 2: bytes += Array("true".utf8)
        case 3: bytes += Array("false".utf8)
        case 4: bytes += Array("null".utf8)
        case 5: array(&bytes, depth: depth - 1)
        default: object(&bytes, depth: depth - 1)
        }
    }

    private mutating func array(_ bytes: inout [UInt8], depth: Int) {
        bytes.append(0x5B)
        space(&bytes)
        for index in 0..<Int.random(in: 0...4, using: &random) {
            if index > 0 { bytes.append(0x2C) }
            space(&bytes)
            value(&bytes, depth: depth)
            space(&bytes)
        }
        bytes.append(0x5D)
    }

    private mutating func object(_ bytes: inout [UInt8], depth: Int) {
        bytes.append(0x7B)
        space(&bytes)
        for index in 0..<Int.random(in: 0...20, using: &random) {
            if index > 0 { bytes.append(0x2C) }
            space(&bytes)
            // The colon keeps keys apart whatever the characters behind it are.
            bytes += Array("\"\(index):".utf8)
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                character(&bytes)
            }
            bytes.append(0x22)
            space(&bytes)
            bytes.append(0x3A)
            space(&bytes)
            value(&bytes, depth: min(depth, 1))
            space(&bytes)
        }
        bytes.append(0x7D)
    }

    private mutating func string(_ bytes: inout [UInt8]) {
        bytes.append(0x22)
        for _ in 0..<Int.random(in: 0...12, using: &random) {
            character(&bytes)
        }
        bytes.append(0x22)
    }

    private mutating func character(_ bytes: inout [UInt8]) {
        let escapes = [
            #"\""#, #"\\"#, #"\/"#, #"\b"#, #"\f"#, #"\n"#, #"\r"#, #"\t"#, #"\u0000"#, #"\u00e4"#, #"\uD83D\uDE00"#,
        ]
        let wide = ["ä", "ß", "€", "中", "\u{FFFD}", "\u{E000}", "😀", "\u{10FFFF}", "\u{7F}", "\u{80}"]
        let plain = Array("abcXYZ 019-_.:,{}[]".utf8)
        switch Int.random(in: 0..<6, using: &random) {
        case 0: bytes += Array(escapes[Int.random(in: 0..<escapes.count, using: &random)].utf8)
        case 1: bytes += Array(wide[Int.random(in: 0..<wide.count, using: &random)].utf8)
        default: bytes.append(plain[Int.random(in: 0..<plain.count, using: &random)])
        }
    }

    private mutating func number(_ bytes: inout [UInt8]) {
        var text = Bool.random(using: &random) ? "-" : ""
        text += Bool.random(using: &random) ? "0" : "\(Int.random(in: 1...999_999, using: &random))"
        if Int.random(in: 0..<3, using: &random) == 0 {
            text += ".\(Int.random(in: 0...99_999, using: &random))"
        }
        if Int.random(in: 0..<4, using: &random) == 0 {
            let sign = ["", "+", "-"][Int.random(in: 0..<3, using: &random)]
            text += (Bool.random(using: &random) ? "e" : "E") + sign + "\(Int.random(in: 0...30, using: &random))"
        }
        bytes += Array(text.utf8)
    }

    private mutating func space(_ bytes: inout [UInt8]) {
        guard Int.random(in: 0..<4, using: &random) == 0 else { return }
        let kinds: [UInt8] = [0x20, 0x09, 0x0A, 0x0D]
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            bytes.append(kinds[Int.random(in: 0..<4, using: &random)])
        }
    }
}
