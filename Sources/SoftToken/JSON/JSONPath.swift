/// The way to values in a document: `d.tokens[0].seed`, `tokens[*].license`.
package struct JSONPath: Sendable, Hashable {
    /// One step of the way.
    package enum Step: Sendable, Hashable {
        /// Into an object's member of this name.
        case key(String)
        /// Into an array's element of this number, counted from 0.
        case index(Int)
        /// Into each element of an array.
        case all
    }

    /// The steps from the document's top.
    package let steps: [Step]

    /// Joins steps.
    package init(_ steps: [Step]) {
        self.steps = steps
    }

    /// Reads a path, or returns nil where the text is none.
    package init?(_ text: String) {
        var steps: [Step] = []
        for part in text.split(separator: ".", omittingEmptySubsequences: false) {
            let pieces = part.split(separator: "[", omittingEmptySubsequences: false)
            guard let name = pieces.first, !name.isEmpty else { return nil }
            steps.append(.key(String(name)))
            for piece in pieces.dropFirst() {
                guard piece.hasSuffix("]") else { return nil }
                let number = piece.dropLast()
                if number == "*" {
                    steps.append(.all)
                } else {
                    guard let index = Int(number), index >= 0, number.allSatisfy(\.isNumber) else { return nil }
                    steps.append(.index(index))
                }
            }
        }
        self.steps = steps
    }
}
