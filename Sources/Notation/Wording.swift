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
