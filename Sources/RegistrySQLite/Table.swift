/// A table of the newest layout, from which the statements that read and write its rows are made.
struct Table {
    let name: String
    /// The column that rows are found by.
    let key: String
    /// The columns behind the key, in the order in which they are read and bound: the key is `?1`, the first of them
    /// `?2`.
    let columns: [String]

    static let devices = Table(name: "devices", key: "serial", columns: ["registered", "model"])
    static let licenses = Table(
        name: "licenses",
        key: "number",
        columns: [
            "valid_until", "owner", "revoked", "activated_at", "grace_unit", "grace_until", "stale", "transferable",
            "code", "size",
        ]
    )
    static let members = Table(name: "members", key: "license", columns: ["position", "device"])
    static let tokens = Table(
        name: "tokens",
        key: "serial",
        columns: [
            "license", "locked", "seed", "kind", "period", "digits", "code_flags", "claim", "code_expires",
            "mobile_id", "registration_id", "os_version", "lapses",
        ]
    )
    static let draws = Table(name: "draws", key: "purpose", columns: ["count"])
    static let facts = Table(name: "facts", key: "name", columns: ["value"])

    /// Every table, each behind those that its rows refer to.
    static let all = [devices, licenses, members, tokens, draws, facts]

    /// The key and the other columns.
    var names: String { ([key] + columns).joined(separator: ", ") }

    /// Reads the columns of the row with one key.
    var find: String { "SELECT \(columns.joined(separator: ", ")) FROM \(name) WHERE \(key) = ?1" }

    /// Reads the columns of rows, and behind them the key.
    func list(_ rest: String) -> String {
        "SELECT \(columns.joined(separator: ", ")), \(key) FROM \(name) \(rest)"
    }

    /// Adds a row.
    var insert: String {
        let places = (1...columns.count + 1).map { "?\($0)" }.joined(separator: ", ")
        return "INSERT INTO \(name) (\(names)) VALUES (\(places))"
    }

    /// Writes the columns of the row with one key, but for some.
    func update(without kept: [String] = []) -> String {
        let places = zip(columns, 2...).filter { !kept.contains($0.0) }.map { "\($0) = ?\($1)" }
        return "UPDATE \(name) SET \(places.joined(separator: ", ")) WHERE \(key) = ?1"
    }
}
