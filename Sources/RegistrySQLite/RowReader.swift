import Notation
import Registry
import SoftToken

/// Reads rows on one connection with statements that are compiled once, in whatever transaction is open there.
///
/// It opens and closes a transaction of `snapshot` where it is told to; without one, its owner has a transaction open.
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
        deviceBySerial = try connection.prepare(Table.devices.find, as: "read device")
        licenseByNumber = try connection.prepare(Table.licenses.find, as: "read license")
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
        tokenBySerial = try connection.prepare(Table.tokens.find, as: "read token")
        serialsOfLicense = try connection.prepare(
            "SELECT serial FROM tokens WHERE license = ?1 ORDER BY serial",
            as: "list tokens"
        )
        serialByClaim = try connection.prepare("SELECT serial FROM tokens WHERE claim = ?1", as: "find claim")
        drawsByPurpose = try connection.prepare(Table.draws.find, as: "read draws")
    }

    func enter() throws(StoreError) -> Bool { try snapshot?.enter() ?? false }

    func leave() { snapshot?.leave() }

    func device(_ serial: Serial) throws(StoreError) -> Device? {
        defer { deviceBySerial.reset() }
        return try deviceBySerial.step(serial.text) ? Self.device(serial, from: deviceBySerial) : nil
    }

    /// The device of the current row.
    static func device(_ serial: Serial, from row: borrowing Statement) -> Device {
        Device(serial: serial, isRegistered: row.integer(0) != 0, model: row.text(1))
    }

    func license(_ number: LicenseNumber) throws(StoreError) -> License? {
        defer { licenseByNumber.reset() }
        return try licenseByNumber.step(number.text) ? license(number, from: licenseByNumber) : nil
    }

    /// The license of the current row, with the cluster that this reader finds for it.
    func license(_ number: LicenseNumber, from row: borrowing Statement) throws(StoreError) -> License {
        var license = License(number: number, code: try row.value(8), size: Int(row.integer(9)))
        if let day = row.optionalInteger(0) {
            guard let day = CalendarDay(daysSinceEpoch: Int(day)) else { throw row.malformed(0) }
            license.validUntil = day
        }
        license.owner = try row.value(1)
        license.isRevoked = row.integer(2) != 0
        license.activatedAt = row.optionalInteger(3)
        license.grace = try row.value(4).map { License.Grace(unit: $0, until: row.integer(5)) }
        license.isStale = row.integer(6) != 0
        license.isTransferable = row.integer(7) != 0
        license.cluster = try membersOfLicense.all(number.text)
        return license
    }

    func numbers(naming unit: Serial) throws(StoreError) -> [LicenseNumber] { try numbersNaming.all(unit.text) }

    /// The numbers of the licenses that this unit owns, ascending.
    func numbers(ownedBy unit: Serial) throws(StoreError) -> [LicenseNumber] { try numbersByOwner.all(unit.text) }

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

    func tokenTotal() throws(StoreError) -> Int { Int(try sumOfSizes.number() ?? 0) }

    func number(code: RedemptionCode) throws(StoreError) -> LicenseNumber? {
        numberByCode.bind(code.text, at: 1)
        return try numberByCode.first()
    }

    func trialNumber(of owner: Serial) throws(StoreError) -> LicenseNumber? {
        trialByOwner.bind(owner.text, at: 1)
        return try trialByOwner.first()
    }

    func token(_ serial: TokenSerial) throws(StoreError) -> Token? {
        defer { tokenBySerial.reset() }
        return try tokenBySerial.step(serial.text) ? Self.token(serial, from: tokenBySerial) : nil
    }

    /// The token of the current row.
    static func token(_ serial: TokenSerial, from row: borrowing Statement) throws(StoreError) -> Token {
        var token = Token(serial: serial, license: try row.required(0))
        token.isLocked = row.integer(1) != 0
        guard let seed: Seed = try row.value(2) else { return token }
        guard let kind = row.text(3).flatMap(TokenParameters.Kind.init),
            let parameters = TokenParameters(kind: kind, period: Int(row.integer(4)), digits: Int(row.integer(5)))
        else { throw row.malformed(3) }
        token.provisioning = Token.Provisioning(
            seed: seed,
            parameters: parameters,
            code: ActivationCode(
                flags: UInt16(truncatingIfNeeded: row.integer(6)),
                claim: UInt64(bitPattern: row.integer(7))
            ),
            codeExpires: row.integer(8),
            phone: row.text(9)
                .map {
                    Token.Phone(mobileID: $0, registrationID: row.text(10), osVersion: row.text(11))
                },
            lapses: row.optionalInteger(12)
        )
        return token
    }

    func tokenSerials(of license: LicenseNumber) throws(StoreError) -> [TokenSerial] {
        try serialsOfLicense.all(license.text)
    }

    func tokenSerial(claim: UInt64) throws(StoreError) -> TokenSerial? {
        serialByClaim.bind(Int64(bitPattern: claim), at: 1)
        return try serialByClaim.first()
    }

    func draws(for purpose: Chance.Purpose) throws(StoreError) -> UInt64 {
        drawsByPurpose.bind(purpose.name, at: 1)
        return UInt64(bitPattern: try drawsByPurpose.number() ?? 0)
    }
}

/// Every row of a registry's file, one after the other.
///
/// It holds a read transaction until it ends; meanwhile the log can't start over.
final class RowStream: RegistryRows {
    private let reader: RowReader
    private let devices: Statement
    private let licenses: Statement
    private let tokens: Statement
    private var section = 0

    /// Begins at the state that is there now; the connection is the stream's own from here on.
    init(_ connection: SQLiteConnection) throws(StoreError) {
        reader = try RowReader(connection, within: Snapshot(connection))
        devices = try connection.prepare(Table.devices.list("ORDER BY serial"), as: "list devices")
        licenses = try connection.prepare(Table.licenses.list("ORDER BY number"), as: "list licenses")
        tokens = try connection.prepare(Table.tokens.list("ORDER BY license, serial"), as: "list tokens")
        _ = try reader.enter()
    }

    /// The next row; nil after the last.
    func next() throws(StoreError) -> RegistryRow? {
        if section == 0 {
            if try devices.step() { return .device(RowReader.device(try devices.key(), from: devices)) }
            section = 1
        }
        if section == 1 {
            if try licenses.step() { return .license(try reader.license(licenses.key(), from: licenses)) }
            section = 2
        }
        if section == 2 {
            if try tokens.step() { return .token(try RowReader.token(tokens.key(), from: tokens)) }
            section = 3
            reader.leave()
        }
        return nil
    }
}
