import Notation
import Registry
import SoftToken

/// Makes changes on the writer's connection with statements that are compiled once.
final class RowWriter {
    private let connection: SQLiteConnection
    private let insertDevice: Statement
    private let updateDevice: Statement
    private let deleteDevice: Statement
    private let insertLicense: Statement
    private let updateLicense: Statement
    private let reissueLicense: Statement
    private let deleteLicense: Statement
    private let deleteTokens: Statement
    private let deleteMembers: Statement
    private let insertMember: Statement
    private let insertToken: Statement
    private let updateToken: Statement
    private let recordDraws: Statement
    private let setFact: Statement
    private let deleteFact: Statement

    /// Compiles the statements.
    init(_ connection: SQLiteConnection) throws(StoreError) {
        self.connection = connection
        insertDevice = try connection.prepare(Table.devices.insert, as: "add device")
        updateDevice = try connection.prepare(Table.devices.update(), as: "update device")
        deleteDevice = try connection.prepare("DELETE FROM devices WHERE serial = ?1", as: "remove device")
        insertLicense = try connection.prepare(Table.licenses.insert, as: "add license")
        updateLicense = try connection.prepare(
            Table.licenses.update(without: ["code", "size"]),
            as: "update license"
        )
        reissueLicense = try connection.prepare(Table.licenses.update(), as: "reissue license")
        deleteLicense = try connection.prepare("DELETE FROM licenses WHERE number = ?1", as: "remove license")
        deleteTokens = try connection.prepare("DELETE FROM tokens WHERE license = ?1", as: "remove tokens")
        deleteMembers = try connection.prepare("DELETE FROM members WHERE license = ?1", as: "update cluster")
        insertMember = try connection.prepare(Table.members.insert, as: "update cluster")
        insertToken = try connection.prepare(Table.tokens.insert, as: "add token")
        // The license stays out of the assignments: it never changes, and its index is spared.
        updateToken = try connection.prepare(
            Table.tokens.update(without: ["license"]) + " AND license = ?2",
            as: "update token"
        )
        recordDraws = try connection.prepare(
            "INSERT INTO draws VALUES (?1, ?2) ON CONFLICT DO UPDATE SET count = ?2",
            as: "record draws"
        )
        setFact = try connection.prepare(
            "INSERT INTO facts VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = ?2",
            as: "note fact"
        )
        deleteFact = try connection.prepare("DELETE FROM facts WHERE name = ?1", as: "drop fact")
    }

    /// Notes a fact of the lab's, or drops it where `value` is nil.
    func setFact(_ name: String, _ value: String?) throws(StoreError) {
        guard let value else {
            deleteFact.bind(name, at: 1)
            return try deleteFact.run()
        }
        setFact.bind(name, at: 1)
        setFact.bind(value, at: 2)
        try setFact.run()
    }

    /// Removes every device, license, token and count of draws; facts stay.
    ///
    /// Children go first, so that no foreign key is looked up in vain.
    func removeAll() throws(StoreError) {
        try connection.execute(
            "DELETE FROM tokens; DELETE FROM members; DELETE FROM licenses; DELETE FROM devices; DELETE FROM draws",
            as: "remove everything"
        )
    }

    /// Makes one change in the open transaction.
    ///
    /// - Throws: `StoreError.Kind.conflict` where it contradicts what is stored.
    func make(_ change: Change) throws(StoreError) {
        switch change {
        case .insertDevice(let device): try run(insertDevice, with: device)
        case .updateDevice(let device):
            try run(updateDevice, with: device)
            try requireOneRow("no such device")
        case .deleteDevice(let serial):
            try run(deleteDevice, with: serial.text)
            try requireOneRow("no such device")
        case .insertLicense(let license):
            insertLicense.bind(license.code?.text, at: 10)
            insertLicense.bind(Int64(license.size), at: 11)
            try run(insertLicense, with: license)
            try insertMembers(of: license)
        case .updateLicense(let license):
            try run(updateLicense, with: license)
            try replaceMembers(of: license)
        case .reissueLicense(let license):
            reissueLicense.bind(license.code?.text, at: 10)
            reissueLicense.bind(Int64(license.size), at: 11)
            try run(reissueLicense, with: license)
            try replaceMembers(of: license)
        case .deleteLicense(let number):
            try run(deleteTokens, with: number.text)
            try run(deleteLicense, with: number.text)
            try requireOneRow("no such license")
        case .insertToken(let token): try run(insertToken, with: token)
        case .updateToken(let token):
            try run(updateToken, with: token)
            try requireOneRow("no such token")
        case .recordDraws(let purpose, let count):
            recordDraws.bind(purpose.name, at: 1)
            recordDraws.bind(Int64(bitPattern: count), at: 2)
            try recordDraws.run()
        }
    }

    private func run(_ statement: borrowing Statement, with name: ASCII16) throws(StoreError) {
        statement.bind(name, at: 1)
        try statement.run()
    }

    private func run(_ statement: borrowing Statement, with device: Device) throws(StoreError) {
        statement.bind(device.serial.text, at: 1)
        statement.bind(device.isRegistered, at: 2)
        statement.bind(device.model, at: 3)
        try statement.run()
    }

    private func run(_ statement: borrowing Statement, with license: License) throws(StoreError) {
        statement.bind(license.number.text, at: 1)
        statement.bind((license.validUntil?.daysSinceEpoch).map { Int64($0) }, at: 2)
        statement.bind(license.owner?.text, at: 3)
        statement.bind(license.isRevoked, at: 4)
        statement.bind(license.activatedAt, at: 5)
        statement.bind(license.grace?.unit.text, at: 6)
        statement.bind(license.grace?.until, at: 7)
        statement.bind(license.isStale, at: 8)
        statement.bind(license.isTransferable, at: 9)
        try statement.run()
    }

    /// Writes the cluster of the license that was just updated.
    private func replaceMembers(of license: License) throws(StoreError) {
        try requireOneRow("no such license")
        try run(deleteMembers, with: license.number.text)
        try insertMembers(of: license)
    }

    private func insertMembers(of license: License) throws(StoreError) {
        insertMember.bind(license.number.text, at: 1)
        for (position, member) in license.cluster.enumerated() {
            insertMember.bind(Int64(position), at: 2)
            insertMember.bind(member.text, at: 3)
            try insertMember.run()
        }
    }

    private func run(_ statement: borrowing Statement, with token: Token) throws(StoreError) {
        let provisioning = token.provisioning
        statement.bind(token.serial.text, at: 1)
        statement.bind(token.license.text, at: 2)
        statement.bind(token.isLocked, at: 3)
        statement.bind(provisioning?.seed, at: 4)
        statement.bind(provisioning?.parameters.kind.rawValue, at: 5)
        statement.bind((provisioning?.parameters.period).map { Int64($0) }, at: 6)
        statement.bind((provisioning?.parameters.digits).map { Int64($0) }, at: 7)
        statement.bind((provisioning?.code.flags).map { Int64($0) }, at: 8)
        statement.bind((provisioning?.code.claim).map { Int64(bitPattern: $0) }, at: 9)
        statement.bind(provisioning?.codeExpires, at: 10)
        statement.bind(provisioning?.phone?.mobileID, at: 11)
        statement.bind(provisioning?.phone?.registrationID, at: 12)
        statement.bind(provisioning?.phone?.osVersion, at: 13)
        statement.bind(provisioning?.lapses, at: 14)
        try statement.run()
    }

    private func requireOneRow(_ message: String) throws(StoreError) {
        guard connection.changedRows == 1 else {
            throw StoreError(.conflict, in: "update", path: connection.path, message)
        }
    }
}
