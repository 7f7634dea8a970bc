import Notation

/// One connection of the journal with its exchanges, in the order in which a person reads them.
struct JournalSheet {
    private let terminal: Terminal

    init(_ terminal: Terminal) {
        self.terminal = terminal
    }

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
