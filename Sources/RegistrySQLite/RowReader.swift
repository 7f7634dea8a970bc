import Notation
import Registry
import SoftToken

/// Reads rows on one connection with statements that are compiled once, in whatever transaction is open there.
///
/// As a source of a view's rows it opens and closes a transaction of `snapshot`; without one, its owner keeps a
/// transaction open around the view.
final class RowReader: RowSource {
    private let snapshot: Snapshot?
    private let deviceBySerial: Statement
    private let licenseByNumber: Statement
    private let membersOfLicense: Statement
    private let numberByCode: Statement
    private let trialByOwner: Statement
    private let numbersNaming: Statement
    private let numbersByOwner: Statement
    private let sumOfSizes: Statement
    private let countAll: Statement
    private let tokenBySerial: Statement
    private let serialsOfLicense: Statement
    private let serialByClaim: Statement
    private let drawsByPurpose: Statement

    /// Compiles the statements.
    init(_ connection: SQLiteConnection, within snapshot: Snapshot? = nil) throws(StoreError) {
        self.snapshot = snapshot
        deviceBySerial = try connection.prepare(
            "SELECT \(Self.deviceColumns) FROM devices WHERE serial = ?1",
            as: "read device"
        )
        licenseByNumber = try connection.prepare(
            "SELECT \(Self.licenseColumns) FROM licenses WHERE number = ?1",
            as: "read license"
        )
        membersOfLicense = try connection.prepare(
            "SELECT device FROM members WHERE license = ?1 ORDER BY position",
            as: "read cluster"
        )
        numberByCode = try connection.prepare("SELECT number FROM licenses WHERE code = ?1", as: "find code")
        trialByOwner = try connection.prepare(
            """
            SELECT number FROM licenses
            WHERE owner = ?1 AND number >= 'FTMTRIAL' AND number < 'FTMTRIAM' ORDER BY number LIMIT 1
            """,
            as: "find trial"
        )
        // A union, so that each part goes through its own index.
        numbersNaming = try connection.prepare(
            """
            SELECT number FROM licenses WHERE owner = ?1
            UNION SELECT license FROM members WHERE device = ?1
            UNION SELECT number FROM licenses WHERE grace_unit = ?1
            ORDER BY 1
            """,
            as: "list licenses of device"
        )
        numbersByOwner = try connection.prepare(
            "SELECT number FROM licenses WHERE owner = ?1 ORDER BY number",
            as: "list licenses of device"
        )
        countAll = try connection.prepare(
            "SELECT (SELECT count(*) FROM devices), (SELECT count(*) FROM licenses), (SELECT count(*) FROM tokens)",
            as: "count"
        )
        sumOfSizes = try connection.prepare("SELECT coalesce(sum(size), 0) FROM licenses", as: "count tokens")
        tokenBySerial = try connection.prepare(
            "SELECT \(Self.tokenColumns) FROM tokens WHERE serial = ?1",
            as: "read token"
        )
        serialsOfLicense = try connection.prepare(
            "SELECT serial FROM tokens WHERE license = ?1 ORDER BY serial",
            as: "list tokens"
        )
        serialByClaim = try connection.prepare("SELECT serial FROM tokens WHERE claim = ?1", as: "find claim")
        drawsByPurpose = try connection.prepare("SELECT count FROM draws WHERE purpose = ?1", as: "read draws")
    }

    /// The columns that `device(_:from:)` reads.
    static let deviceColumns = "registered, model"
    /// The columns that `license(_:from:)` reads.
    static let licenseColumns =
        "code, size, valid_until, owner, revoked, activated_at, grace_unit, grace_until, stale, transferable"
    /// The columns that `token(_:from:)` reads.
    static let tokenColumns = """
        license, locked, seed, kind, period, digits, code_flags, claim, code_expires, mobile_id, registration_id, \
        os_version, lapses
        """

    func enter() throws(StoreError) -> Bool { try snapshot?.enter() ?? false }

    func leave() { snapshot?.leave() }

    /// The device with this serial.
    func device(_ serial: Serial) throws(StoreError) -> Device? {
        deviceBySerial.bind(serial.text, at: 1)
        defer { deviceBySerial.reset() }
        return try deviceBySerial.step() ? Self.device(serial, from: deviceBySerial) : nil
    }

    /// The device of the current row, whose columns start at `first`.
    static func device(_ serial: Serial, from row: borrowing Statement, at first: Int32 = 0) -> Device {
        Device(serial: serial, isRegistered: row.integer(first) != 0, model: row.text(first + 1))
    }

    /// The license with this number, its cluster included.
    func license(_ number: LicenseNumber) throws(StoreError) -> License? {
        licenseByNumber.bind(number.text, at: 1)
        defer { licenseByNumber.reset() }
        return try licenseByNumber.step() ? license(number, from: licenseByNumber) : nil
    }

    /// The license of the current row, whose columns start at `first`, with the cluster that this reader finds for it.
    func license(
        _ number: LicenseNumber,
        from row: borrowing Statement,
        at first: Int32 = 0
    ) throws(StoreError) -> License {
        var license = License(
            number: number,
            code: try row.value(first) { RedemptionCode($0) },
            size: Int(row.integer(first + 1))
        )
        if let day = row.optionalInteger(first + 2) {
            guard let day = CalendarDay(daysSinceEpoch: Int(day)) else { throw row.malformed(first + 2) }
            license.validUntil = day
        }
        license.owner = try row.value(first + 3) { Serial($0) }
        license.isRevoked = row.integer(first + 4) != 0
        license.activatedAt = row.optionalInteger(first + 5)
        if let unit = try row.value(first + 6, { Serial($0) }) {
            license.grace = License.Grace(unit: unit, until: row.integer(first + 7))
        }
        license.isStale = row.integer(first + 8) != 0
        license.isTransferable = row.integer(first + 9) != 0
        membersOfLicense.bind(number.text, at: 1)
        defer { membersOfLicense.reset() }
        while try membersOfLicense.step() {
            license.cluster.append(try membersOfLicense.required(0) { Serial($0) })
        }
        return license
    }

    /// The numbers of the licenses that name this unit as owner, in their cluster or in a grace, ascending.
    func numbers(naming unit: Serial) throws(StoreError) -> [LicenseNumber] {
        try Self.numbers(numbersNaming, of: unit)
    }

    /// The numbers of the licenses that this unit owns, ascending.
    func numbers(ownedBy unit: Serial) throws(StoreError) -> [LicenseNumber] {
        try Self.numbers(numbersByOwner, of: unit)
    }

    private static func numbers(
        _ statement: borrowing Statement,
        of unit: Serial
    ) throws(StoreError) -> [LicenseNumber] {
        statement.bind(unit.text, at: 1)
        defer { statement.reset() }
        var numbers: [LicenseNumber] = []
        while try statement.step() {
            numbers.append(try statement.required(0) { LicenseNumber($0) })
        }
        return numbers
    }

    /// How much there is.
    func counts() throws(StoreError) -> RegistryCounts {
        defer { countAll.reset() }
        guard try countAll.step() else { return RegistryCounts() }
        return RegistryCounts(
            devices: Int(countAll.integer(0)),
            licenses: Int(countAll.integer(1)),
            tokens: Int(countAll.integer(2))
        )
    }

    /// How many tokens all licenses have together.
    func tokenTotal() throws(StoreError) -> Int {
        defer { sumOfSizes.reset() }
        return try sumOfSizes.step() ? Int(sumOfSizes.integer(0)) : 0
    }

    /// The number of the license that this code activates.
    func number(code: RedemptionCode) throws(StoreError) -> LicenseNumber? {
        numberByCode.bind(code.text, at: 1)
        defer { numberByCode.reset() }
        return try numberByCode.step() ? numberByCode.required(0) { LicenseNumber($0) } : nil
    }

    /// The number of the trial that this unit owns.
    func trialNumber(of owner: Serial) throws(StoreError) -> LicenseNumber? {
        trialByOwner.bind(owner.text, at: 1)
        defer { trialByOwner.reset() }
        return try trialByOwner.step() ? trialByOwner.required(0) { LicenseNumber($0) } : nil
    }

    /// The token with this serial.
    func token(_ serial: TokenSerial) throws(StoreError) -> Token? {
        tokenBySerial.bind(serial.text, at: 1)
        defer { tokenBySerial.reset() }
        return try tokenBySerial.step() ? Self.token(serial, from: tokenBySerial) : nil
    }

    /// The token of the current row, whose columns start at `first`.
    static func token(
        _ serial: TokenSerial,
        from row: borrowing Statement,
        at first: Int32 = 0
    ) throws(StoreError) -> Token {
        var token = Token(serial: serial, license: try row.required(first) { LicenseNumber($0) })
        token.isLocked = row.integer(first + 1) != 0
        guard let seed = try row.value(first + 2, { Seed($0) }) else { return token }
        guard let kind = row.text(first + 3).flatMap(TokenParameters.Kind.init),
            let parameters = TokenParameters(
                kind: kind,
                period: Int(row.integer(first + 4)),
                digits: Int(row.integer(first + 5))
            )
        else { throw row.malformed(first + 3) }
        var provisioning = Token.Provisioning(
            seed: seed,
            parameters: parameters,
            code: ActivationCode(
                flags: UInt16(truncatingIfNeeded: row.integer(first + 6)),
                claim: UInt64(bitPattern: row.integer(first + 7))
            ),
            codeExpires: row.integer(first + 8),
            lapses: row.optionalInteger(first + 12)
        )
        if let mobileID = row.text(first + 9) {
            provisioning.phone = Token.Phone(
                mobileID: mobileID,
                registrationID: row.text(first + 10),
                osVersion: row.text(first + 11)
            )
        }
        token.provisioning = provisioning
        return token
    }

    /// The serials of a license's tokens, ascending.
    func tokenSerials(of license: LicenseNumber) throws(StoreError) -> [TokenSerial] {
        serialsOfLicense.bind(license.text, at: 1)
        defer { serialsOfLicense.reset() }
        var serials: [TokenSerial] = []
        while try serialsOfLicense.step() {
            serials.append(try serialsOfLicense.required(0) { TokenSerial($0) })
        }
        return serials
    }

    /// The serial of the token whose activation code has this claim.
    func tokenSerial(claim: UInt64) throws(StoreError) -> TokenSerial? {
        serialByClaim.bind(Int64(bitPattern: claim), at: 1)
        defer { serialByClaim.reset() }
        return try serialByClaim.step() ? serialByClaim.required(0) { TokenSerial($0) } : nil
    }

    /// How often this purpose was drawn.
    func draws(for purpose: Chance.Purpose) throws(StoreError) -> UInt64 {
        drawsByPurpose.bind(purpose.name, at: 1)
        defer { drawsByPurpose.reset() }
        return try drawsByPurpose.step() ? UInt64(bitPattern: drawsByPurpose.integer(0)) : 0
    }
}

/// Every row of a registry's file, one after the other.
///
/// It holds a read transaction until it ends; meanwhile the log can't start over.
final class RowStream: RegistryRows {
    private let reader: RowReader
    private let end: Statement
    private let devices: Statement
    private let licenses: Statement
    private let tokens: Statement
    private var section = 0

    /// Begins at the state that is there now; the connection is the stream's own from here on.
    init(_ connection: SQLiteConnection) throws(StoreError) {
        try connection.execute("BEGIN", as: "begin reading")
        reader = try RowReader(connection)
        end = try connection.prepare("COMMIT", as: "end reading")
        devices = try connection.prepare(
            "SELECT serial, \(RowReader.deviceColumns) FROM devices ORDER BY serial",
            as: "list devices"
        )
        licenses = try connection.prepare(
            "SELECT number, \(RowReader.licenseColumns) FROM licenses ORDER BY number",
            as: "list licenses"
        )
        tokens = try connection.prepare(
            "SELECT serial, \(RowReader.tokenColumns) FROM tokens ORDER BY license, serial",
            as: "list tokens"
        )
        // The state is fixed by the first row that is read, so read one now.
        _ = try connection.number("SELECT count(*) FROM sqlite_schema", as: "begin reading")
    }

    /// The next row; nil after the last.
    func next() throws(StoreError) -> RegistryRow? {
        if section == 0 {
            if try devices.step() {
                return .device(RowReader.device(try devices.required(0) { Serial($0) }, from: devices, at: 1))
            }
            section = 1
        }
        if section == 1 {
            if try licenses.step() {
                let number = try licenses.required(0) { LicenseNumber($0) }
                return .license(try reader.license(number, from: licenses, at: 1))
            }
            section = 2
        }
        if section == 2 {
            if try tokens.step() {
                let serial = try tokens.required(0) { TokenSerial($0) }
                return .token(try RowReader.token(serial, from: tokens, at: 1))
            }
            section = 3
            try end.run()
        }
        return nil
    }
}
