/// Numbers and alternatives as a sentence has them.
package enum Wording {
    /// `1 rule`, `2 rules`; a plural that is not made with an s is given.
    package static func count(_ number: Int, _ noun: String, _ plural: String? = nil) -> String {
        "\(number) \(number == 1 ? noun : plural ?? noun + "s")"
    }

    /// `a`, `a or b`, `a, b or c`.
    package static func alternatives(_ words: [String]) -> String {
        guard words.count > 1, let last = words.last else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " or " + last
    }

    /// `; did you mean a, b or c?`, to stand behind what was wrong; empty where there is nothing to offer.
    package static func suggestion(_ names: [String]) -> String {
        names.isEmpty ? "" : "; did you mean \(alternatives(names))?"
    }
}

/// The names that a wrong one may stand for.
package enum NearNames {
    /// Up to three of `names` near `text`, the nearest first; upper and lower case are one.
    package static func find(_ text: String, among names: some Sequence<String>) -> [String] {
        // No name is much longer, and nobody waits for the comparison of long ones.
        let wanted = folded(text).prefix(32)
        guard !wanted.isEmpty else { return [] }
        let bound = min(3, wanted.count / 3)
        var found: [(distance: Int, name: String)] = []
        for name in names {
            let bytes = folded(name)
            if let distance = distance(Array(wanted), bytes, atMost: bound) {
                found.append((distance, name))
            } else if wanted.count >= 3, bytes.starts(with: wanted) {
                found.append((bytes.count, name))
            }
        }
        return found.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }.prefix(3).map(\.name)
    }

    private static func folded(_ text: String) -> [UInt8] {
        text.utf8.map { $0.isASCIIUppercase ? $0 | 0x20 : $0 }
    }

    /// How many characters have to be changed, added or left out (Levenshtein); nil above `bound`.
    private static func distance(_ left: [UInt8], _ right: [UInt8], atMost bound: Int) -> Int? {
        guard abs(left.count - right.count) <= bound else { return nil }
        var row = Array(0...right.count)
        for (index, byte) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            var least = row[0]
            for column in right.indices {
                let change = diagonal + (byte == right[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(change, diagonal + 1, row[column] + 1)
                least = min(least, row[column + 1])
            }
            guard least <= bound else { return nil }
        }
        return row[right.count] <= bound ? row[right.count] : nil
    }
}

/// Texts that someone else chose, for a message of one line: short, and without what does anything to a terminal.
package enum VisibleText {
    /// The text's first characters, those that nobody sees as `?`.
    ///
    /// What is cut ends before the word that the cut would part, where there is another before it: the beginning of a
    /// code has no form by which it could be told from other text, and hidden.
    package static func shown(_ text: String, upTo limit: Int = 48) -> String {
        let scalars = Array(text.unicodeScalars.prefix(limit + 1))
        var shown = scalars.prefix(limit)
        let isCut = scalars.count > limit
        if isCut, let border = shown.lastIndex(where: { !isOfWord($0) }) { shown = shown[...border] }
        var visible = ""
        for scalar in shown { visible.unicodeScalars.append(scalar.properties.isVisible ? scalar : "?") }
        return isCut ? visible + "…" : visible
    }

    /// Whether it may stand in a code: a letter, a digit or a hyphen.
    private static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.isDigit || scalar == "-"
    }

    /// The same in quotes.
    package static func quoted(_ text: String, upTo limit: Int = 48) -> String { "\"\(shown(text, upTo: limit))\"" }
}

extension Unicode.Scalar {
    fileprivate var isDigit: Bool { (0x30...0x39).contains(value) }
}

extension Unicode.Scalar.Properties {
    /// Whether a terminal shows it, and does nothing else with it.
    fileprivate var isVisible: Bool {
        switch generalCategory {
        case .control, .format, .surrogate, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse: false
        default: true
        }
    }
}
