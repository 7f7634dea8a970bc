import Registry
import SoftToken

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
