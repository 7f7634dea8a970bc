import SoftToken

/// Finds the names that a wrong one may stand for.
final class NameFinder {
    private let searches: [RegistrySubject: NameSearch]

    /// How many names are compared from the beginning of the list.
    static let fromStart = 2_048
    /// How many are compared on each side of where the wrong name would stand.
    static let around = 2_048

    /// Compiles the statements.
    init(_ connection: Connection) throws(StoreError) {
        var searches: [RegistrySubject: NameSearch] = [:]
        for (subject, table, key) in [
            (RegistrySubject.device, "devices", "serial"), (.license, "licenses", "number"),
            (.token, "tokens", "serial"),
        ] {
            searches[subject] = try NameSearch(connection, table, key)
        }
        self.searches = searches
    }

    /// Up to three names near `text`, the nearest first.
    func find(_ text: String, of subject: RegistrySubject) throws(StoreError) -> [String] {
        // Every name is in upper case, and at most sixteen bytes long.
        let wanted = Array(text.uppercased().utf8.prefix(32))
        guard let search = searches[subject], !wanted.isEmpty else { return [] }
        let bound = min(3, wanted.count / 3)
        var found: [(distance: Int, name: String)] = []
        for name in try search.candidates(String(decoding: wanted, as: UTF8.self)) {
            let bytes = Array(name.utf8)
            if let distance = Self.distance(wanted, bytes, atMost: bound) {
                found.append((distance, name))
            } else if wanted.count >= 3, bytes.starts(with: wanted) {
                found.append((bytes.count, name))
            }
        }
        return found.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }.prefix(3).map(\.name)
    }

    /// How many characters have to be changed, added or left out (Levenshtein); nil above `bound`.
    static func distance(_ left: [UInt8], _ right: [UInt8], atMost bound: Int) -> Int? {
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

/// The statements that list a table's names around a text.
private final class NameSearch {
    private let first: Statement
    private let behind: Statement
    private let before: Statement

    init(_ connection: Connection, _ table: String, _ key: String) throws(StoreError) {
        let select = "SELECT \(key) FROM \(table)"
        first = try connection.prepare("\(select) ORDER BY \(key) LIMIT \(NameFinder.fromStart)", as: "find names")
        behind = try connection.prepare(
            "\(select) WHERE \(key) >= ?1 ORDER BY \(key) LIMIT \(NameFinder.around)",
            as: "find names"
        )
        before = try connection.prepare(
            "\(select) WHERE \(key) < ?1 ORDER BY \(key) DESC LIMIT \(NameFinder.around)",
            as: "find names"
        )
    }

    func candidates(_ text: String) throws(StoreError) -> Set<String> {
        behind.bind(text, at: 1)
        before.bind(text, at: 1)
        var names: Set<String> = []
        try Self.read(first, into: &names)
        try Self.read(behind, into: &names)
        try Self.read(before, into: &names)
        return names
    }

    private static func read(_ statement: borrowing Statement, into names: inout Set<String>) throws(StoreError) {
        defer { statement.reset() }
        while try statement.step() {
            if let name = statement.text(0) { names.insert(name) }
        }
    }
}
