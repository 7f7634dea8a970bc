import Notation
package import Registry
package import SoftToken

/// Reads a registry for people: pages in the order of names, single rows, counts.
///
/// For one thread or loop, on which it must stay; each answer is of one state. It has a read-only connection of its
/// own.
package final class SQLiteBrowser: RegistryBrowser {
    private let connection: SQLiteConnection
    private let reader: RowReader
    private let allDevices: Listing
    private let devicesByRegistration: Listing
    private let allLicenses: Listing
    private let licensesByOwner: Listing
    private let allTokens: Listing
    private let tokensByLicense: Listing

    /// How many tokens a page with a state looks at before it ends early, some tens of milliseconds.
    static let scanLimit = 10_000
    /// How many names are compared from the beginning of the list, and on each side of where a wrong name would stand.
    static let nearNames = 2_048

    /// Compiles the statements.
    init(_ connection: SQLiteConnection) throws(StoreError) {
        self.connection = connection
        reader = try RowReader(connection, within: Snapshot(connection))
        allDevices = try Listing(connection, .devices)
        devicesByRegistration = try Listing(connection, .devices, by: "registered")
        allLicenses = try Listing(connection, .licenses)
        licensesByOwner = try Listing(connection, .licenses, by: "owner")
        allTokens = try Listing(connection, .tokens)
        tokensByLicense = try Listing(connection, .tokens, by: "license")
    }

    private func reading<Value>(_ body: () throws(StoreError) -> Value) throws(StoreError) -> Value {
        _ = try reader.enter()
        defer { reader.leave() }
        return try body()
    }

    /// The devices behind `after`, by serial.
    package func devices(
        after: Serial? = nil,
        limit: Int,
        registered: Bool? = nil
    ) throws(StoreError) -> RegistryPage<Device, Serial> {
        try reading { () throws(StoreError) in
            let list = registered == nil ? allDevices : devicesByRegistration
            if let registered { list.statement.bind(registered, at: 3) }
            return try list.page(after?.text, limit) { (row) throws(StoreError) in
                let serial: Serial = try row.key()
                return (RowReader.device(serial, from: row), serial)
            }
        }
    }

    /// The licenses behind `after`, by number; with `owner` only those that the unit owns.
    package func licenses(
        after: LicenseNumber? = nil,
        limit: Int,
        owner: Serial? = nil
    ) throws(StoreError) -> RegistryPage<License, LicenseNumber> {
        try reading { () throws(StoreError) in
            let list = owner == nil ? allLicenses : licensesByOwner
            if let owner { list.statement.bind(owner.text, at: 3) }
            return try list.page(after?.text, limit) { (row) throws(StoreError) in
                let number: LicenseNumber = try row.key()
                return (try reader.license(number, from: row), number)
            }
        }
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
            let list = license == nil ? allTokens : tokensByLicense
            if let license { list.statement.bind(license.text, at: 3) }
            let scan = state == nil ? nil : max(Self.scanLimit, limit + 1)
            return try list.page(after?.text, limit, scan) { (row) throws(StoreError) in
                let serial: TokenSerial = try row.key()
                let token = try RowReader.token(serial, from: row)
                return (state == nil || token.state(at: now) == state ? token : nil, serial)
            }
        }
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
        // Every name is in upper case, and at most sixteen bytes long.
        let wanted = String(decoding: text.uppercased().utf8.prefix(32), as: UTF8.self)
        guard !wanted.isEmpty else { return [] }
        let table: Table =
            switch subject {
            case .device: .devices
            case .license: .licenses
            case .token: .tokens
            }
        let (key, limit) = (table.key, Self.nearNames)
        let near = ["ORDER BY \(key)", "WHERE \(key) >= ?1 ORDER BY \(key)", "WHERE \(key) < ?1 ORDER BY \(key) DESC"]
            .map { "SELECT * FROM (SELECT \(key) FROM \(table.name) \($0) LIMIT \(limit))" }
        let statement = try connection.prepare(near.joined(separator: " UNION "), as: "find names")
        statement.bind(wanted, at: 1)
        var names: [String] = []
        while try statement.step() {
            if let name = statement.text(0) { names.append(name) }
        }
        return NearNames.find(wanted, among: names)
    }
}

/// The statement that lists a table's rows by key: all of them, or those that have one value in another column.
private final class Listing {
    /// The value of the other column is its third parameter.
    let statement: Statement

    init(_ connection: SQLiteConnection, _ table: Table, by column: String? = nil) throws(StoreError) {
        let condition = column.map { "\($0) = ?3 AND " } ?? ""
        statement = try connection.prepare(
            table.list("WHERE \(condition)\(table.key) > ?1 ORDER BY \(table.key) LIMIT ?2"),
            as: "list \(table.name)"
        )
    }

    /// Fills a page with rows; of those that `read` makes nothing of, only the key counts.
    ///
    /// `scan` is how many rows are looked at; nil for one more than the page holds, which tells whether there is a next
    /// one.
    func page<Item, Key>(
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
}
