import Notation
import Registry
import SoftToken

/// Finds the names that a wrong one may stand for.
final class NameFinder {
    private let searches: [RegistrySubject: NameSearch]

    /// How many names are compared from the beginning of the list.
    static let fromStart = 2_048
    /// How many are compared on each side of where the wrong name would stand.
    static let around = 2_048

    /// Compiles the statements.
    init(_ connection: SQLiteConnection) throws(StoreError) {
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
        let wanted = String(decoding: text.uppercased().utf8.prefix(32), as: UTF8.self)
        guard let search = searches[subject], !wanted.isEmpty else { return [] }
        return NearNames.find(wanted, among: try search.candidates(wanted))
    }
}

/// The statements that list a table's names around a text.
private final class NameSearch {
    private let first: Statement
    private let behind: Statement
    private let before: Statement

    init(_ connection: SQLiteConnection, _ table: String, _ key: String) throws(StoreError) {
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
