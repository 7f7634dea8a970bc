package import SoftToken

/// A registry's reader for the operator: pages of everything in the order of its names, and names like a wrong one.
///
/// It must stay on one thread. Each call reads one state; two pages may be of two states.
package final class RegistryBrowser {
    private let connection: Connection
    private let reader: RowReader

    init(_ connection: Connection) throws(StoreError) {
        self.connection = connection
        reader = try RowReader(connection)
    }

    /// How many there are of each.
    package struct Counts: Sendable, Equatable {
        /// Devices.
        package let devices: Int
        /// Licenses.
        package let licenses: Int
        /// Tokens.
        package let tokens: Int
    }

    /// How many there are of each.
    package func counts() throws(StoreError) -> Counts {
        try reading { () throws(StoreError) in
            Counts(
                devices: Int(try connection.number("SELECT count(*) FROM devices", as: "count") ?? 0),
                licenses: Int(try connection.number("SELECT count(*) FROM licenses", as: "count") ?? 0),
                tokens: Int(try connection.number("SELECT count(*) FROM tokens", as: "count") ?? 0)
            )
        }
    }

    // MARK: - One of them

    /// The device with this serial.
    package func device(_ serial: Serial) throws(StoreError) -> Device? { try reader.device(serial) }

    /// The license with this number.
    package func license(_ number: LicenseNumber) throws(StoreError) -> License? {
        try reading { () throws(StoreError) in try reader.license(number) }
    }

    /// The token with this serial.
    package func token(_ serial: TokenSerial) throws(StoreError) -> Token? { try reader.token(serial) }

    /// The numbers of a unit's own licenses, ascending.
    package func licenses(ownedBy unit: Serial) throws(StoreError) -> [LicenseNumber] {
        let statement = try connection.prepare(
            "SELECT number FROM licenses WHERE owner = ?1 ORDER BY number",
            as: "list licenses"
        )
        statement.bind(unit.text, at: 1)
        var numbers: [LicenseNumber] = []
        while try statement.step() { numbers.append(try statement.required(0) { LicenseNumber($0) }) }
        return numbers
    }

    // MARK: - Pages

    /// Devices behind `after` by serial, at most `limit`; only those that are registered, or are not, where asked.
    package func devices(
        after: Serial?,
        limit: Int,
        registered: Bool? = nil
    ) throws(StoreError) -> [Device] {
        try reading { () throws(StoreError) in
            let statement = try connection.prepare(
                """
                SELECT serial FROM devices WHERE serial > ?1 AND (?2 IS NULL OR registered = ?2) ORDER BY serial LIMIT ?3
                """,
                as: "list devices"
            )
            bind(after?.text, at: 1, in: statement)
            statement.bind(registered.map { $0 ? 1 : 0 }, at: 2)
            statement.bind(Int64(limit), at: 3)
            var devices: [Device] = []
            while try statement.step() {
                if let device = try reader.device(try statement.required(0) { Serial($0) }) { devices.append(device) }
            }
            return devices
        }
    }

    /// Licenses behind `after` by number, at most `limit`; only those of one unit where asked.
    package func licenses(
        after: LicenseNumber?,
        limit: Int,
        owner: Serial? = nil
    ) throws(StoreError) -> [License] {
        try reading { () throws(StoreError) in
            let statement = try connection.prepare(
                owner == nil
                    ? "SELECT number FROM licenses WHERE number > ?1 ORDER BY number LIMIT ?3"
                    : "SELECT number FROM licenses WHERE number > ?1 AND owner = ?2 ORDER BY number LIMIT ?3",
                as: "list licenses"
            )
            bind(after?.text, at: 1, in: statement)
            if let owner { statement.bind(owner.text, at: 2) }
            statement.bind(Int64(limit), at: 3)
            var licenses: [License] = []
            while try statement.step() {
                let number = try statement.required(0) { LicenseNumber($0) }
                if let license = try reader.license(number) { licenses.append(license) }
            }
            return licenses
        }
    }

    /// Tokens behind `after` by serial, at most `limit`; only those of one license, or in one state at `now`, where asked.
    ///
    /// A state is no column: looking for a rare one reads every token there is.
    package func tokens(
        after: TokenSerial?,
        limit: Int,
        license: LicenseNumber? = nil,
        state: TokenState? = nil,
        now: Int64
    ) throws(StoreError) -> [Token] {
        try reading { () throws(StoreError) in
            let condition = state.map { " AND \(Self.condition(of: $0))" } ?? ""
            let statement = try connection.prepare(
                (license == nil
                    ? "SELECT serial FROM tokens WHERE serial > ?1"
                    : "SELECT serial FROM tokens WHERE license = ?2 AND serial > ?1") + condition
                    + " ORDER BY serial LIMIT ?3",
                as: "list tokens"
            )
            bind(after?.text, at: 1, in: statement)
            if let license { statement.bind(license.text, at: 2) }
            statement.bind(Int64(limit), at: 3)
            if state != nil { statement.bind(now, at: 4) }
            var tokens: [Token] = []
            while try statement.step() {
                if let token = try reader.token(try statement.required(0) { TokenSerial($0) }) { tokens.append(token) }
            }
            return tokens
        }
    }

    /// What ``Token/state(at:)`` decides, as SQL; a test holds both together.
    private static func condition(of state: TokenState) -> String {
        let lodged = "(seed IS NOT NULL AND (lapses IS NULL OR ?4 < lapses))"
        return switch state {
        case .locked: "locked = 1 AND ?4 IS NOT NULL"
        case .available: "locked = 0 AND NOT \(lodged)"
        case .provisioned: "locked = 0 AND \(lodged) AND mobile_id IS NOT NULL"
        case .pending: "locked = 0 AND \(lodged) AND mobile_id IS NULL AND ?4 < code_expires"
        case .expired: "locked = 0 AND \(lodged) AND mobile_id IS NULL AND ?4 >= code_expires"
        }
    }

    // MARK: - Names like a wrong one

    /// Up to three names that are there and like `name`, the most alike first: for "did you mean".
    ///
    /// It looks at the names around it and at a bounded number of others.
    package func names(near name: String, of space: OperationRefusal.Space) throws(StoreError) -> [String] {
        let (table, column) =
            switch space {
            case .devices: ("devices", "serial")
            case .licenses: ("licenses", "number")
            case .tokens: ("tokens", "serial")
            }
        var found: Set<String> = []
        for (comparison, order) in [("<", "DESC"), (">=", "ASC")] {
            let statement = try connection.prepare(
                "SELECT \(column) FROM \(table) WHERE \(column) \(comparison) ?1 ORDER BY \(column) \(order) LIMIT 2000",
                as: "list names"
            )
            statement.bind(name, at: 1)
            while try statement.step() { found.insert(statement.text(0) ?? "") }
        }
        let wanted = Array(name.utf8)
        return found.map { (distance: EditDistance.between(wanted, Array($0.utf8)), name: $0) }
            .filter { $0.distance <= 3 }
            .sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }
            .prefix(3)
            .map(\.name)
    }

    /// Runs `body` on one state of the registry.
    private func reading<Value>(_ body: () throws(StoreError) -> Value) throws(StoreError) -> Value {
        try connection.execute("BEGIN", as: "begin reading")
        // Nothing was written, so there is nothing that ending could fail to keep.
        defer { connection.rollBack() }
        return try body()
    }

    private func bind(_ text: ASCII16?, at index: Int32, in statement: borrowing Statement) {
        if let text { statement.bind(text, at: index) } else { statement.bind("", at: index) }
    }
}
