import Notation

/// One connection of the journal with its exchanges, in the order in which a person reads them.
struct JournalSheet {
    let terminal: Terminal

    /// Who and when, how far it got, how it ended, what the rules did, how long it took.
    private static let members = [
        "id", "lab", "listener", "client", "sni", "accepted", "labTime", "stage", "outcome", "reason", "alert", "tls",
        "clientCertificate", "ja4", "rules", "nearMisses", "timings", "bytes", "verdict",
    ]
    /// What came of it, who asked for what, what the rules did, how long it took.
    private static let exchangeMembers = [
        "id", "at", "labTime", "lab", "type", "serial", "license", "tokens", "code", "status", "reason", "method",
        "path", "rules", "nearMisses", "took", "request", "answer",
    ]

    /// The sheet's lines.
    func lines(of record: JSONValue) -> [String] {
        guard case .object(var members) = record else { return [record.shown] }
        let exchanges = members.remove("exchanges")?.items ?? []
        if let port = members.remove("port")?.int {
            members["client"] = .string("\(record["client"].shown), port \(port)")
        }
        describe(record, in: &members)
        members["timings"] = .string(
            ["hello", "handshake", "total"]
                .compactMap { name in Self.time(record["timings"][name]).map { "\(name) \($0)" } }
                .joined(separator: ", ")
        )
        members["bytes"] = .string(
            ["in", "out"].compactMap { name in record["bytes"][name].int.map { "\($0) \(name)" } }
                .joined(separator: ", ")
        )
        let own = Table.lines(of: .object(members), in: Self.members, for: terminal)
        return own + exchanges.flatMap { [""] + lines(ofExchange: $0) }
    }

    private func lines(ofExchange exchange: JSONValue) -> [String] {
        guard case .object(var members) = exchange else { return [exchange.shown] }
        describe(exchange, in: &members)
        let tokens = exchange["tokens"].items
            .map { note in
                note["code"].int.map { "\(note["token"].shown): error \($0)" } ?? note["token"].shown
            }
        if members["tokens"] != nil { members["tokens"] = .array(tokens.map { .string($0) }) }
        if let time = Self.time(members.remove("microseconds") ?? .null) { members["took"] = .string(time) }
        var bodies: [String] = []
        for name in ["request", "answer"] {
            let message = exchange[name]
            guard let count = message["bytes"].int else { continue }
            members[name] = .string("\(Wording.count(count, "byte"))\(message["cut"] == .flag(true) ? ", cut" : "")")
            for part in ["head", "headBase64", "body", "bodyBase64"] {
                guard let text = message[part].string, !text.isEmpty else { continue }
                bodies += ["", terminal.styled("\(name), \(part)", .faint)]
                var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
                while lines.last?.isEmpty == true { lines.removeLast() }
                bodies += lines.map { "  " + Visible.text(String($0)) }
            }
        }
        return Table.lines(of: .object(members), in: Self.exchangeMembers, for: terminal) + bodies
    }

    /// What connections and exchanges both have, in words.
    private func describe(_ json: JSONValue, in members: inout [JSONValue.Member]) {
        let alert = json["alert"]
        if alert != .null { members["alert"] = .string("\(alert["name"].shown), \(alert["direction"].shown)") }
        let tls = json["tls"]
        if tls != .null {
            let parts = ["version", "cipher", "alpn"].compactMap { tls[$0].string }
            members["tls"] = .array((parts + (tls["resumed"] == .flag(true) ? ["resumed"] : [])).map { .string($0) })
        }
        let rules = json["rules"].items
            .map { rule in
                rule["name"].shown + (rule["boundBy"].string.map { " (bound by \($0))" } ?? "")
            }
        if members["rules"] != nil { members["rules"] = .array(rules.map { .string($0) }) }
        let misses = json["nearMisses"].items.map { "\($0["rule"].shown): \($0["reason"].shown)" }
        if members["nearMisses"] != nil { members["nearMisses"] = .array(misses.map { .string($0) }) }
    }

    /// Microseconds as a person reads them: `0.523 ms`; nil where there are none.
    private static func time(_ json: JSONValue) -> String? {
        guard let microseconds = json.int else { return nil }
        guard microseconds < 10_000_000 else { return "\(microseconds / 1_000_000) s" }
        let thousandths = String(microseconds % 1000)
        return "\(microseconds / 1000).\(String(repeating: "0", count: 3 - thousandths.count))\(thousandths) ms"
    }
}

/// The journal's records as rows for people: an exchange a row, and a connection without one a row too.
enum JournalRows {
    /// The columns for these rows, or for rows that are not known yet, which are of one day mostly.
    static func columns(for rows: [JSONValue] = []) -> [Table.Column] {
        let showingDay = Set(rows.map { $0["time"].shown.prefix(10) }).count > 1
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
        guard !exchanges.isEmpty else {
            // How far a connection without a request got.
            let stage = "(\(record["stage"].shown))"
            return [row(record, at: record["accepted"], stage, .null, result(ofConnection: record))]
        }
        return exchanges.map { exchange in
            row(record, at: exchange["at"], subject(of: exchange), exchange["serial"], result(of: exchange))
        }
    }

    private static func row(
        _ record: JSONValue,
        at time: JSONValue,
        _ what: String,
        _ serial: JSONValue,
        _ result: String
    ) -> JSONValue {
        [
            "id": record["id"], "time": time, "client": record["client"], "sni": record["sni"], "what": .string(what),
            "serial": serial, "result": .string(result),
        ]
    }

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
