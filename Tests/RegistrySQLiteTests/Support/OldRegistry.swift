import Registry
import SoftToken
import TestKit

@testable import RegistrySQLite

/// A registry's file as an earlier layout had it.
enum OldRegistry {
    /// Writes one with a unit, a license that was transferred, and two tokens, one of them lodged.
    static func write(to path: String, layout: Int = 1) throws {
        let lapses = layout == 1 ? "" : ", NULL"
        try RegistryFile.createIfMissing(path)
        let connection = try SQLiteConnection(path: path, .readWrite)
        try Migration.bringUpToDate(connection, through: Array(Migration.all.prefix(layout)))
        try connection.execute(
            """
            INSERT INTO devices VALUES ('FG-A', 1, 'FortiGate-60F'), ('FG-B', 1, NULL);
            INSERT INTO licenses VALUES
                ('EFTM000000000001', '1111-1111-1111-1111-1111', 2, 20778, 'FG-A', 0, 1795244400, 'FG-B', 1795248000, 0);
            INSERT INTO members VALUES ('EFTM000000000001', 0, 'FG-A');
            INSERT INTO tokens VALUES
                ('FTKMOB0000000001', 'EFTM000000000001', 0, 'A84E2CAAD3BCEA970E05DC1A9B7BD2D562622F4A', 'totp', 60, 6,
                8464, 7, 1795244400, 'phone', 'id', '5.4.2_IOS'\(lapses)),
                ('FTKMOB0000000002', 'EFTM000000000001', 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                NULL\(lapses));
            INSERT INTO draws VALUES ('activation-codes', 5);
            """,
            as: "test"
        )
    }

    /// What is in it.
    static func document() throws -> RegistryDocument {
        let a = try serial("FG-A")
        let b = try serial("FG-B")
        var license = License(
            number: try number("EFTM000000000001"),
            code: try code("1111-1111-1111-1111-1111"),
            size: 2,
            validUntil: try day("2026-11-21"),
            owner: a
        )
        license.activatedAt = 1_795_244_400
        license.grace = License.Grace(unit: b, until: 1_795_248_000)
        guard let seed = Seed("A84E2CAAD3BCEA970E05DC1A9B7BD2D562622F4A") else { throw NoSuchValue(text: "seed") }
        let lodged = Token.Provisioning(
            seed: seed,
            parameters: .published,
            code: ActivationCode(flags: 8_464, claim: 7),
            codeExpires: 1_795_244_400,
            phone: Token.Phone(mobileID: "phone", registrationID: "id", osVersion: "5.4.2_IOS")
        )
        return RegistryDocument(
            devices: [
                Device(serial: a, isRegistered: true, model: "FortiGate-60F"), Device(serial: b, isRegistered: true),
            ],
            licenses: [license],
            tokens: [
                Token(serial: TokenSerial(number: 1), license: license.number, provisioning: lodged),
                Token(serial: TokenSerial(number: 2), license: license.number, isLocked: true),
            ]
        )
    }

    /// Runs statements on a file, which is made where it is missing.
    static func execute(_ statements: String, on path: String) throws {
        try RegistryFile.createIfMissing(path)
        try SQLiteConnection(path: path, .readWrite).execute(statements, as: "test")
    }
}
