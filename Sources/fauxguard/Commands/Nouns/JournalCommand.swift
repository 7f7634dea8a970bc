import ArgumentParser
import Client
import HTTP
import IO
import Notation

/// `fauxguard journal`: what happened, and whether it is what was expected.
struct JournalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "journal",
        abstract: "List, watch, verify and export what happened in a lab.",
        discussion: """
            The journal has every connection, failed handshakes included, and every exchange on it.

            EXAMPLES
              fauxguard journal list --where serial=FGT60FTK20000001
              fauxguard journal tail
              fauxguard journal wait --where alert=unknown_ca,client=127.0.0.1
            """,
        subcommands: [List.self, Show.self, Clear.self, Tail.self, Wait.self, Verify.self, Export.self]
    )

    struct List: AdminCommand {
        static let configuration = CommandConfiguration(
            abstract: "List connections and exchanges, the newest last.",
            discussion: """
                The canonical form is the same for the same behavior, run after run: to compare with diff.

                With --limit the newest are listed: so many rows, or with --json so many connections.

                EXAMPLES
                  fauxguard journal list
                  fauxguard journal list --limit 20
                  fauxguard journal list --where serial=FGT60FTK20000001
                  fauxguard journal list --where type=ProvisionRequest,code=31
                  fauxguard journal list --canonical > run-1.txt
                """
        )

        @OptionGroup var filters: JournalFilters
        @OptionGroup var detail: JournalDetailOptions

        @Flag(help: "Print the canonical form, without times and ports.")
        var canonical = false

        @Option(
            help: ArgumentHelp("Only the newest, so many; without it, all are listed.", valueName: "count"),
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
            _ query: [(name: String, value: String)]
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
        static let configuration = CommandConfiguration(
            abstract: "Show one connection with its exchanges.",
            discussion: """
                EXAMPLES
                  fauxguard journal show 17
                  fauxguard journal show 17 --json | jq .exchanges
                """
        )

        @Argument(help: "The connection's number.", transform: Count.ofConnection)
        var id: UInt64

        @OptionGroup var detail: JournalDetailOptions
        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            let query =
                [(name: "bodies", value: detail.bodies ? "true" : "false")]
                + detail.query.filter { $0.name != "bodies" }
            let answer = try session.ask(.get, session.path("journal", "\(id)"), query: query)
            session.show(answer) { record in
                JournalSheet(session.terminal).lines(of: record)
            }
        }
    }

    struct Clear: AdminCommand {
        static let configuration = CommandConfiguration(
            abstract: "Empty the journal.",
            discussion: """
                EXAMPLES
                  fauxguard journal clear
                """
        )

        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            let answer = try session.ask(.delete, session.path("journal"))
            session.show(answer) { _ in ["cleared the journal of lab \(session.lab)"] }
        }
    }

    struct Export: AdminCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write one connection as evidence to attach to a ticket.",
            discussion: """
                Seeds and codes are left out unless --secrets is given.

                EXAMPLES
                  fauxguard journal export 17 --format har --out case-17.har
                  fauxguard journal export 17 --secrets
                """
        )

        static let formats = ["ndjson", "har", "pcapng", "keylog"]

        @Argument(help: "The connection's number.", transform: Count.ofConnection)
        var id: UInt64

        @Option(
            help: "ndjson, har, pcapng or keylog; the last two come with a later version.",
            completion: .list(formats)
        )
        var format = "ndjson"

        @Flag(help: "Leave seeds and codes in.")
        var secrets = false

        @Option(
            help: ArgumentHelp("Write it to this file; - is standard output.", valueName: "file"),
            completion: .file()
        )
        var out = "-"

        @OptionGroup var options: AdminOptions

        func validate() throws {
            try Choice.check(format, "--format", in: Self.formats)
        }

        func perform(_ session: AdminSession) throws(CommandFailure) {
            let request = try OutgoingRequest(
                .get,
                session.path("journal", "\(id)", "export"),
                query: [("format", format)] + (secrets ? [("secrets", "true")] : []),
                accept: FieldValue("*/*")
            )
            try Output.fetch(request, from: session, into: out, mode: 0o600)
        }
    }
}
