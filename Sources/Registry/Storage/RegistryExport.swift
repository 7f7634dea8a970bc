import SoftToken

/// A registry on its way out, piece by piece, as one state: what ``RegistryDocument`` writes, without holding all of it.
///
/// It must stay on one thread, and keeps a read transaction open while it lives.
package final class RegistryExport {
    private let connection: Connection
    private let reader: RowReader
    private let format: RegistryDocument.Format
    private let now: Int64
    private var section = 0
    private var last = ""
    private var hasEntries = false
    private var hasBegun = false

    /// How many rows a piece has at most.
    private static let batch = 500

    init(_ connection: Connection, _ format: RegistryDocument.Format, now: Int64) throws(StoreError) {
        self.connection = connection
        self.format = format
        self.now = now
        reader = try RowReader(connection)
        try connection.execute("BEGIN", as: "begin reading")
    }

    deinit {
        connection.rollBack()
    }

    /// The sections in the order of the document, each with how its rows' names are read on from the last one.
    private static let sections: [(name: String, sql: String)] = [
        ("devices", "SELECT serial, serial FROM devices WHERE serial > ?1 ORDER BY serial LIMIT ?2"),
        ("licenses", "SELECT number, number FROM licenses WHERE number > ?1 ORDER BY number LIMIT ?2"),
        (
            "tokens",
            """
            SELECT serial, license || serial FROM tokens WHERE (license, serial) > (substr(?1, 1, 16), substr(?1, 17))
            ORDER BY license, serial LIMIT ?2
            """
        ),
    ]

    /// Appends the next piece.
    ///
    /// - Returns: Whether there may be more.
    package func next(into body: inout [UInt8]) throws(StoreError) -> Bool {
        guard section < Self.sections.count else { return false }
        if !hasBegun {
            hasBegun = true
            body += RegistryDocument.opening(format).utf8
        }
        let (name, sql) = Self.sections[section]
        let statement = try connection.prepare(sql, as: "export")
        statement.bind(last, at: 1)
        statement.bind(Int64(Self.batch), at: 2)
        var count = 0
        while try statement.step() {
            if let entry = try entry(of: statement) {
                body += RegistryDocument.text(of: entry, format, section: hasEntries ? nil : name).utf8
                hasEntries = true
            }
            last = statement.text(1) ?? ""
            count += 1
        }
        guard count < Self.batch else { return true }
        body +=
            RegistryDocument.end(of: name, format, isEmpty: !hasEntries, isLast: section == Self.sections.count - 1)
            .utf8
        (section, last, hasEntries) = (section + 1, "", false)
        return section < Self.sections.count
    }

    private func entry(of statement: borrowing Statement) throws(StoreError) -> DocumentValue? {
        switch section {
        case 0: try reader.device(try statement.required(0) { Serial($0) }).map { .of($0) }
        case 1: try reader.license(try statement.required(0) { LicenseNumber($0) }).map { .of($0) }
        default: try reader.token(try statement.required(0) { TokenSerial($0) }).map { .of($0, now: now) }
        }
    }
}
