import Notation

/// The journal's records as rows for people: an exchange a row, and a connection without one a row too.
enum JournalRows {
    /// The columns for rows that are not known yet, which are of one day mostly.
    static var columns: [Table.Column] { columns(showingDay: false) }

    /// The columns for these rows.
    static func columns(for rows: [JSONValue]) -> [Table.Column] {
        columns(showingDay: Set(rows.map { $0["time"].shown.prefix(10) }).count > 1)
    }

    private static func columns(showingDay: Bool) -> [Table.Column] {
        let short = Table.Column("TIME, UTC") { moment($0["time"].shown, showingDay) }.usually(12)
        return [
            .init("ID", "id").usually(5), .init("TIME", "time").usually(24).orShort(short),
            .init("CLIENT", "client").usually(15).dispensable, .init("SNI", "sni").usually(22).dispensable,
            .init("WHAT", "what").usually(24).cut, .init("SERIAL", "serial").usually(16),
            .init("RESULT", "result").usually(24).styled { isWell($0) ? nil : .bad },
        ]
    }

    /// `12:34:56.789` of a moment, or with the day `11-30 12:34:56`, which is as wide or nearly.
    private static func moment(_ text: String, _ showingDay: Bool) -> String {
        let parts = text.split(separator: "T")
        guard parts.count == 2, parts[1].hasSuffix("Z") else { return text }
        return showingDay ? "\(parts[0].suffix(5)) \(parts[1].prefix(8))" : String(parts[1].dropLast())
    }

    /// Whether a result is what anybody hopes for, or nothing yet.
    private static func isWell(_ result: String) -> Bool {
        ["ok", "200", "open", "no answer yet", "closed", "peer-closed", "shut-down"].contains(result)
    }

    /// The rows of one record; its id is what `journal show` takes.
    static func rows(of record: JSONValue) -> [JSONValue] {
        let exchanges = record["exchanges"].items
        guard !exchanges.isEmpty else { return [row(record, time: record["accepted"], what: opening(record))] }
        return exchanges.map { exchange in
            var row = row(record, time: exchange["at"], what: subject(of: exchange))
            row[setting: "serial"] = exchange["serial"]
            row[setting: "result"] = .string(result(of: exchange))
            return row
        }
    }

    private static func row(_ record: JSONValue, time: JSONValue, what: String) -> JSONValue {
        [
            "id": record["id"], "time": time, "client": record["client"], "sni": record["sni"], "what": .string(what),
            "serial": .null, "result": .string(result(ofConnection: record)),
        ]
    }

    /// How far a connection without a request got.
    private static func opening(_ record: JSONValue) -> String { "(\(record["stage"].shown))" }

    private static func result(ofConnection record: JSONValue) -> String {
        let alert = record["alert"]
        guard alert == .null else {
            return "\(alert["name"].string ?? alert.shown) \(alert["direction"].string ?? "")"
        }
        return record["reason"].string ?? record["outcome"].string ?? "open"
    }

    private static func subject(of exchange: JSONValue) -> String {
        if let type = exchange["type"].string { return type }
        let line = [exchange["method"], exchange["path"]].compactMap(\.string).filter { !$0.isEmpty }
        // What came was no line of a request.
        return line.isEmpty ? "(request)" : Visible.text(line.joined(separator: " "))
    }

    /// The service's code, that of the first token that has one, or what HTTP says; a rule may have let nothing go out.
    private static func result(of exchange: JSONValue) -> String {
        if exchange["pending"] != .null { return "no answer yet" }
        guard exchange["status"] != .null, exchange["answer"]["bytes"] != .integer(0) else { return "no answer" }
        if let reason = exchange["reason"].string { return "\(exchange["status"].shown) \(reason)" }
        if exchange["code"] != .null { return "error \(exchange["code"].shown)" }
        if let token = exchange["tokens"].items.first(where: { $0["code"] != .null }) {
            return "error \(token["code"].shown) for \(token["token"].shown)"
        }
        let isServed = exchange["type"].string != nil && exchange["status"] == .integer(200)
        return isServed ? "ok" : exchange["status"].shown
    }
}

extension JSONValue {
    /// Sets a member of an object.
    fileprivate subscript(setting name: String) -> JSONValue {
        get { self[name] }
        set {
            guard case .object(var members) = self else { return }
            members[name] = newValue
            self = .object(members)
        }
    }
}
