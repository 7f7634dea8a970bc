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
        text.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
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
