import SoftToken

/// Reads rows on one connection with statements that are compiled once, in whatever transaction is open there.
final class RowReader {
    private let deviceBySerial: Statement
    private let licenseByNumber: Statement
    private let membersOfLicense: Statement
    private let numberByCode: Statement
    private let trialByOwner: Statement
    private let numbersByUnit: Statement
    private let tokenBySerial: Statement
    private let serialsOfLicense: Statement
    private let serialByClaim: Statement
    private let drawsByPurpose: Statement

    /// Compiles the statements.
    init(_ connection: Connection) throws(StoreError) {
        deviceBySerial = try connection.prepare(
            "SELECT registered, model FROM devices WHERE serial = ?1",
            as: "read device"
        )
        licenseByNumber = try connection.prepare(
            """
            SELECT code, size, valid_until, owner, revoked, activated_at, grace_unit, grace_until, stale
            FROM licenses WHERE number = ?1
            """,
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
        numbersByUnit = try connection.prepare(
            """
            SELECT number FROM licenses WHERE owner = ?1 UNION SELECT license FROM members WHERE device = ?1
            UNION SELECT number FROM licenses WHERE grace_unit = ?1 ORDER BY 1
            """,
            as: "find licenses"
        )
        tokenBySerial = try connection.prepare(
            """
            SELECT license, locked, seed, kind, period, digits, code_flags, claim, code_expires,
                mobile_id, registration_id, os_version, lapses
            FROM tokens WHERE serial = ?1
            """,
            as: "read token"
        )
        serialsOfLicense = try connection.prepare(
            "SELECT serial FROM tokens WHERE license = ?1 ORDER BY serial",
            as: "list tokens"
        )
        serialByClaim = try connection.prepare("SELECT serial FROM tokens WHERE claim = ?1", as: "find claim")
        drawsByPurpose = try connection.prepare("SELECT count FROM draws WHERE purpose = ?1", as: "read draws")
    }

    /// The device with this serial.
    func device(_ serial: Serial) throws(StoreError) -> Device? {
        deviceBySerial.bind(serial.text, at: 1)
        defer { deviceBySerial.reset() }
        guard try deviceBySerial.step() else { return nil }
        return Device(serial: serial, isRegistered: deviceBySerial.integer(0) != 0, model: deviceBySerial.text(1))
    }

    /// The license with this number, its cluster included.
    func license(_ number: LicenseNumber) throws(StoreError) -> License? {
        licenseByNumber.bind(number.text, at: 1)
        defer { licenseByNumber.reset() }
        guard try licenseByNumber.step() else { return nil }
        var license = License(
            number: number,
            code: try licenseByNumber.value(0) { RedemptionCode($0) },
            size: Int(licenseByNumber.integer(1))
        )
        if let day = licenseByNumber.optionalInteger(2) {
            guard let day = CalendarDay(daysSinceEpoch: Int(day)) else { throw licenseByNumber.malformed(2) }
            license.validUntil = day
        }
        license.owner = try licenseByNumber.value(3) { Serial($0) }
        license.isRevoked = licenseByNumber.integer(4) != 0
        license.activatedAt = licenseByNumber.optionalInteger(5)
        if let unit = try licenseByNumber.value(6, { Serial($0) }) {
            license.grace = License.Grace(unit: unit, until: licenseByNumber.integer(7))
        }
        license.isStale = licenseByNumber.integer(8) != 0
        membersOfLicense.bind(number.text, at: 1)
        defer { membersOfLicense.reset() }
        while try membersOfLicense.step() {
            license.cluster.append(try membersOfLicense.required(0) { Serial($0) })
        }
        return license
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

    /// The numbers of the licenses that name this unit in any way.
    func numbers(naming unit: Serial) throws(StoreError) -> [LicenseNumber] {
        numbersByUnit.bind(unit.text, at: 1)
        defer { numbersByUnit.reset() }
        var numbers: [LicenseNumber] = []
        while try numbersByUnit.step() {
            numbers.append(try numbersByUnit.required(0) { LicenseNumber($0) })
        }
        return numbers
    }

    /// The token with this serial.
    func token(_ serial: TokenSerial) throws(StoreError) -> Token? {
        tokenBySerial.bind(serial.text, at: 1)
        defer { tokenBySerial.reset() }
        guard try tokenBySerial.step() else { return nil }
        var token = Token(serial: serial, license: try tokenBySerial.required(0) { LicenseNumber($0) })
        token.isLocked = tokenBySerial.integer(1) != 0
        guard let seed = try tokenBySerial.value(2, { Seed($0) }) else { return token }
        guard let kind = tokenBySerial.text(3).flatMap(TokenParameters.Kind.init),
            let parameters = TokenParameters(
                kind: kind,
                period: Int(tokenBySerial.integer(4)),
                digits: Int(tokenBySerial.integer(5))
            )
        else { throw tokenBySerial.malformed(3) }
        token.provisioning = Token.Provisioning(
            seed: seed,
            parameters: parameters,
            code: ActivationCode(
                flags: UInt16(truncatingIfNeeded: tokenBySerial.integer(6)),
                claim: UInt64(bitPattern: tokenBySerial.integer(7))
            ),
            codeExpires: tokenBySerial.integer(8),
            lapses: tokenBySerial.optionalInteger(12)
        )
        if let mobileID = tokenBySerial.text(9) {
            token.provisioning?.phone = Token.Phone(
                mobileID: mobileID,
                registrationID: tokenBySerial.text(10),
                osVersion: tokenBySerial.text(11)
            )
        }
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
