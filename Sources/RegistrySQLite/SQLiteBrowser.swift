import Notation
package import Registry
package import SoftToken

/// Reads a registry for people: pages in the order of names, single rows, counts.
///
/// For one thread or loop, on which it must stay; each answer is of one state. It has a read-only connection of its
/// own.
package final class SQLiteBrowser: RegistryBrowser {
    private let snapshot: Snapshot
    private let reader: RowReader
    private let names: NameFinder
    private let allDevices: Statement
    private let devicesByRegistration: Statement
    private let allLicenses: Statement
    private let licensesByOwner: Statement
    private let allTokens: Statement
    private let tokensByLicense: Statement

    /// How many tokens a page with a state looks at before it ends early, some tens of milliseconds.
    static let scanLimit = 10_000

    /// Compiles the statements.
    init(_ connection: SQLiteConnection) throws(StoreError) {
        snapshot = try Snapshot(connection)
        reader = try RowReader(connection)
        names = try NameFinder(connection)
        func prepare(_ table: String, _ columns: String, _ condition: String) throws(StoreError) -> Statement {
            let key = table == "licenses" ? "number" : "serial"
            return try connection.prepare(
                "SELECT \(key), \(columns) FROM \(table) WHERE \(condition)\(key) > ?1 ORDER BY \(key) LIMIT ?2",
                as: "list \(table)"
            )
        }
        allDevices = try prepare("devices", RowReader.deviceColumns, "")
        devicesByRegistration = try prepare("devices", RowReader.deviceColumns, "registered = ?3 AND ")
        allLicenses = try prepare("licenses", RowReader.licenseColumns, "")
        licensesByOwner = try prepare("licenses", RowReader.licenseColumns, "owner = ?3 AND ")
        allTokens = try prepare("tokens", RowReader.tokenColumns, "")
        tokensByLicense = try prepare("tokens", RowReader.tokenColumns, "license = ?3 AND ")
    }

    private func reading<Value>(_ body: () throws(StoreError) -> Value) throws(StoreError) -> Value {
        _ = try snapshot.enter()
        defer { snapshot.leave() }
        return try body()
    }

    /// The devices behind `after`, by serial.
    package func devices(
        after: Serial? = nil,
        limit: Int,
        registered: Bool? = nil
    ) throws(StoreError) -> RegistryPage<Device, Serial> {
        try reading { () throws(StoreError) in
            guard let registered else {
                return try Self.page(allDevices, after?.text, limit) { (row) throws(StoreError) in
                    try Self.device(row)
                }
            }
            devicesByRegistration.bind(registered, at: 3)
            return try Self.page(devicesByRegistration, after?.text, limit) { (row) throws(StoreError) in
                try Self.device(row)
            }
        }
    }

    private static func device(_ row: borrowing Statement) throws(StoreError) -> (Device, Serial) {
        let serial = try row.required(0) { Serial($0) }
        return (RowReader.device(serial, from: row, at: 1), serial)
    }

    /// The licenses behind `after`, by number; with `owner` only those that the unit owns.
    package func licenses(
        after: LicenseNumber? = nil,
        limit: Int,
        owner: Serial? = nil
    ) throws(StoreError) -> RegistryPage<License, LicenseNumber> {
        try reading { () throws(StoreError) in
            guard let owner else {
                return try Self.page(allLicenses, after?.text, limit) { (row) throws(StoreError) in
                    try license(row)
                }
            }
            licensesByOwner.bind(owner.text, at: 3)
            return try Self.page(licensesByOwner, after?.text, limit) { (row) throws(StoreError) in
                try license(row)
            }
        }
    }

    private func license(_ row: borrowing Statement) throws(StoreError) -> (License, LicenseNumber) {
        let number = try row.required(0) { LicenseNumber($0) }
        return (try reader.license(number, from: row, at: 1), number)
    }

    /// The tokens behind `after`, by serial; a page with a state ends early where ``scanLimit`` tokens were looked at.
    package func tokens(
        after: TokenSerial? = nil,
        limit: Int,
        license: LicenseNumber? = nil,
        state: TokenState? = nil,
        now: Int64
    ) throws(StoreError) -> RegistryPage<Token, TokenSerial> {
        try reading { () throws(StoreError) in
            func take(_ row: borrowing Statement) throws(StoreError) -> (Token?, TokenSerial) {
                let serial = try row.required(0) { TokenSerial($0) }
                let token = try RowReader.token(serial, from: row, at: 1)
                return (state == nil || token.state(at: now) == state ? token : nil, serial)
            }
            let scan = state == nil ? nil : max(Self.scanLimit, limit + 1)
            guard let license else {
                return try Self.page(allTokens, after?.text, limit, scan) { (row) throws(StoreError) in try take(row) }
            }
            tokensByLicense.bind(license.text, at: 3)
            return try Self.page(tokensByLicense, after?.text, limit, scan) { (row) throws(StoreError) in
                try take(row)
            }
        }
    }

    /// Fills a page with rows; of those that `read` makes nothing of, only the key counts.
    ///
    /// `scan` is how many rows are looked at; nil for one more than the page holds, which tells whether there is a next
    /// one.
    private static func page<Item, Key>(
        _ statement: borrowing Statement,
        _ after: ASCII16?,
        _ limit: Int,
        _ scan: Int? = nil,
        _ read: (borrowing Statement) throws(StoreError) -> (Item?, Key)
    ) throws(StoreError) -> RegistryPage<Item, Key> {
        let scan = scan ?? limit + 1
        // Every name comes after the empty one.
        if let after { statement.bind(after, at: 1) } else { statement.bind("", at: 1) }
        statement.bind(Int64(scan), at: 2)
        defer { statement.reset() }
        var page = RegistryPage<Item, Key>(items: [], next: nil)
        var looked = 0
        var last: Key?
        while try statement.step() {
            let (item, key) = try read(statement)
            if let item {
                if page.items.count == limit {
                    page.next = last
                    return page
                }
                page.items.append(item)
            }
            last = key
            looked += 1
        }
        if looked == scan { page.next = last }
        return page
    }

    /// The device with this serial, and the licenses that it owns, ascending.
    package func device(_ serial: Serial) throws(StoreError) -> (device: Device, licenses: [LicenseNumber])? {
        try reading { () throws(StoreError) in
            guard let device = try reader.device(serial) else { return nil }
            return (device, try reader.numbers(ownedBy: serial))
        }
    }

    /// The license with this number.
    package func license(_ number: LicenseNumber) throws(StoreError) -> License? {
        try reading { () throws(StoreError) in try reader.license(number) }
    }

    /// The token with this serial.
    package func token(_ serial: TokenSerial) throws(StoreError) -> Token? {
        try reading { () throws(StoreError) in try reader.token(serial) }
    }

    /// How much the registry holds.
    package func counts() throws(StoreError) -> RegistryCounts {
        try reading { () throws(StoreError) in try reader.counts() }
    }

    /// Up to three names that someone may have meant by `text`, the nearest first.
    ///
    /// Those come into question that differ in at most three characters, and in no more than a third of them, and those
    /// that begin with the text. A large registry is not searched whole: its first names, and those around the text.
    package func names(near text: String, of subject: RegistrySubject) throws(StoreError) -> [String] {
        try reading { () throws(StoreError) in try names.find(text, of: subject) }
    }
}

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
