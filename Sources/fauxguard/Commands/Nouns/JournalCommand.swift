import ArgumentParser
import Client
import HTTP
import IO
import Notation

/// `fauxguard journal`: what happened, and whether it is what was expected.
struct JournalCommand: ParsableCommand {
    static let configuration = does(
        name: "journal",
        "List, watch, verify and export what happened in a lab.",
        about: "The journal has every connection, failed handshakes included, and every exchange on it.",
        "journal list --where serial=FGT60FTK20000001",
        "journal tail",
        "journal wait --where alert=unknown_ca,client=127.0.0.1",
        verbs: [List.self, Show.self, Clear.self, Tail.self, Wait.self, Verify.self, Export.self]
    )

    struct List: AdminCommand {
        static let configuration = does(
            "List connections and exchanges, the newest last.",
            about: """
                The canonical form is the same for the same behavior, run after run: to compare with diff.

                With --limit the newest are listed: so many rows, or with --json so many connections.
                """,
            "journal list",
            "journal list --limit 20",
            "journal list --where serial=FGT60FTK20000001",
            "journal list --where type=ProvisionRequest,code=31",
            "journal list --canonical > run-1.txt"
        )

        @OptionGroup var filters: JournalFilters
        @OptionGroup var detail: JournalDetailOptions
        @Flag(help: "Print the canonical form, without times and ports.") var canonical = false

        @Option(
            help: .init("Only the newest, so many; without it, all are listed.", valueName: "count"),
            transform: Count.from(1)
        )
        var limit: Int?

        @OptionGroup var options: AdminOptions

        func validate() throws {
            if limit != nil, canonical { throw ValidationError("--limit does not go with --canonical.") }
        }

        func perform(_ session: AdminSession) throws(CommandFailure) {
            try JournalFilters.used { () throws(CommandFailure) in try list(session) }
        }

        private func list(_ session: AdminSession) throws(CommandFailure) {
            let query = filters.query + detail.query
            guard !canonical else {
                let request = try OutgoingRequest(
                    .get,
                    session.path("journal"),
                    query: filters.query + [("form", "canonical")],
                    accept: FieldValue("text/plain")
                )
                let answer = try session.send(request)
                session.print(raw: answer.content)
                return session.warnOfDropped(answer)
            }
            let records = try self.records(session, query)
            guard !session.printsJSON else { return }
            guard !detail.bodies else {
                return session.print(records.map { String(decoding: $0.line, as: UTF8.self) })
            }
            guard !records.isEmpty else {
                let text = filters.texts.isEmpty ? "nothing in the journal" : "nothing in the journal matches"
                return StandardStream.write(Array("\(text)\n".utf8), to: StandardStream.error)
            }
            let rows = records.flatMap(JournalRows.rows)
            session.print(Table(columns: JournalRows.columns(for: rows)).lines(rows, for: session.terminal))
        }

        private func records(
            _ session: AdminSession,
            _ query: OutgoingRequest.Query
        ) throws(CommandFailure) -> [JSONValue] {
            guard let limit else { return try session.items(session.path("journal"), query: query) }
            let unit = session.printsJSON || detail.bodies ? "connections" : "exchanges"
            let newest = [(name: "newest", value: "\(limit)"), (name: "count", value: unit)]
            let answer = try session.ask(.get, session.path("journal"), query: query + newest)
            if session.printsJSON { session.print(raw: answer.content) }
            session.warnOfDropped(answer)
            return answer.json["items"].items
        }
    }

    struct Show: AdminCommand {
        static let configuration = does(
            "Show one connection with its exchanges.",
            "journal show 17",
            "journal show 17 --json | jq .exchanges"
        )

        @Argument(help: "The connection's number.", transform: Count.ofConnection) var id: UInt64
        @OptionGroup var detail: JournalDetailOptions
        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            let query =
                [(name: "bodies", value: detail.bodies ? "true" : "false")]
                + detail.query.filter { $0.name != "bodies" }
            let answer = try session.ask(.get, session.path("journal", "\(id)"), query: query)
            session.show(answer) { JournalSheet(terminal: session.terminal).lines(of: $0) }
        }
    }

    struct Clear: AdminCommand {
        static let configuration = does("Empty the journal.", "journal clear")

        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            session.show(try session.ask(.delete, session.path("journal"))) { _ in
                ["cleared the journal of lab \(session.lab)"]
            }
        }
    }

    struct Export: AdminCommand {
        static let configuration = does(
            "Write one connection as evidence to attach to a ticket.",
            about: "Seeds and codes are left out unless --secrets is given.",
            "journal export 17 --format har --out case-17.har",
            "journal export 17 --secrets"
        )

        static let formats = ["ndjson", "har", "pcapng", "keylog"]

        @Argument(help: "The connection's number.", transform: Count.ofConnection) var id: UInt64

        @Option(
            help: "ndjson, har, pcapng or keylog; the last two come with a later version.",
            completion: .list(formats)
        )
        var format = "ndjson"

        @Flag(help: "Leave seeds and codes in.") var secrets = false
        @OptionGroup var target: OutputOption
        @OptionGroup var options: AdminOptions

        func validate() throws {
            try Choice.check(format, "--format", in: Self.formats)
        }

        func perform(_ session: AdminSession) throws(CommandFailure) {
            let query = [(name: "format", value: format)] + (secrets ? [("secrets", "true")] : [])
            let path = try session.path("journal", "\(id)", "export")
            try Output.fetch(path, query: query, from: session, into: target.out, mode: 0o600)
        }
    }
}

/// Expectations of the journal: true now, or within some time.
extension JournalCommand {
    /// How many are expected.
    struct Expectation: ParsableArguments {
        @Option(help: .init("Exactly so many.", valueName: "count"), transform: Count.from(0)) var times: Int?

        @Option(help: .init("So many or more. (default: 1)", valueName: "count"), transform: Count.from(0))
        var atLeast: Int?

        @Option(help: .init("So many or fewer.", valueName: "count"), transform: Count.from(0)) var atMost: Int?

        @Option(
            help: .init(
                "What is counted: exchanges or connections. (default: what the filters are of)",
                valueName: "unit"
            ),
            completion: .list(units)
        )
        var count: String?

        static let units = ["exchanges", "connections"]

        func validate() throws {
            let counts = [times, atLeast, atMost].compactMap(\.self)
            if counts.count > 1 { throw ValidationError("Give one of --times, --at-least and --at-most.") }
            try Choice.check(count, "--count", in: Self.units)
        }

        /// The name that the API has for it, and the number.
        var member: (name: String, count: JSONValue) {
            if let times { return ("times", .integer(times)) }
            if let atMost { return ("atMost", .integer(atMost)) }
            return ("atLeast", .integer(atLeast ?? 1))
        }
    }

    private static func verify(
        _ filters: JournalFilters,
        _ expectation: Expectation,
        within time: Duration,
        _ session: AdminSession
    ) throws(CommandFailure) {
        let (name, count) = expectation.member
        let (seconds, attoseconds) = time.components
        let within: JSONValue = attoseconds == 0 ? .integer(Int(seconds)) : .number(time / .seconds(1))
        let body = JSONValue.members([
            ("where", filters.object), (name, count), ("within", within),
            ("count", expectation.count.map { .string($0) }),
        ])
        let answer = try JournalFilters.used { () throws(CommandFailure) in
            try session.ask(
                .post,
                session.path("journal", "verify"),
                body: body,
                // The server answers when its time is over, at the latest.
                patience: HTTPClient.Patience(idle: time + .seconds(15))
            )
        }
        session.show(answer) { holding in
            let unit = holding["counted"].string.flatMap { $0.hasSuffix("s") ? String($0.dropLast()) : nil } ?? "entry"
            let plural = unit == "entry" ? "entries" : nil
            return ["holds: \(Wording.count(holding["observed"].int ?? 0, unit, plural)) observed"]
        }
    }

    struct Wait: AdminCommand {
        static let configuration = does(
            "Wait until the journal has what is expected; exit 0, or 1 where it does not come.",
            about: """
                What is expected at least ends the wait as soon as it is there. Exactly and at most so many are watched \
                until the time is over, and fail as soon as there are more; they also fail where the journal ran over \
                meanwhile, since nobody can say then.

                A rule that acts on exchanges counts those, and other rules connections, unless --count says it.

                Where it does not come, the entries that nearly matched are named, with what is different.
                """,
            "journal wait --where alert=unknown_ca,client=127.0.0.1",
            "journal wait --where type=PollingRequest --at-least 3 --timeout 2m",
            "journal wait --where outcome=timed-out --at-most 0 --timeout 3s"
        )

        @OptionGroup var filters: JournalFilters
        @OptionGroup var expectation: Expectation

        @Option(
            help: .init(
                "How long to wait or watch, such as 30s or 2m, ten minutes at most. (default: 1m)",
                valueName: "duration"
            ),
            transform: DurationArgument.readPatience
        )
        var timeout = DurationArgument(.seconds(60))

        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            try verify(filters, expectation, within: timeout.duration, session)
        }
    }

    struct Verify: AdminCommand {
        static let configuration = does(
            "Say whether the journal has what is expected now; exit 0 or 1.",
            "journal verify --where serial=FGT60FTK20000001 --at-least 1",
            "journal verify --where type=MobileProvisionRequest --times 0"
        )

        @OptionGroup var filters: JournalFilters
        @OptionGroup var expectation: Expectation
        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            try verify(filters, expectation, within: .zero, session)
        }
    }

    struct Tail: AdminCommand {
        static let configuration = does(
            "Print connections and exchanges as they happen, until Ctrl-C.",
            "journal tail",
            "journal tail --where serial=FGT60FTK20000001 --count 1",
            "journal tail --count 1 --json | jq .client"
        )

        @OptionGroup var filters: JournalFilters
        @OptionGroup var detail: JournalDetailOptions
        @Option(help: .init("Stop after so many.", valueName: "count"), transform: Count.from(1)) var count: Int?
        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            try JournalFilters.used { () throws(CommandFailure) in
                try JournalTail(session: session, query: filters.query + detail.query, count: count).run()
            }
        }
    }
}
