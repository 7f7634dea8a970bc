import ArgumentParser
import Client
import HTTP
import Notation

/// Expectations of the journal: true now, or within some time.
extension JournalCommand {
    /// How many are expected.
    struct Expectation: ParsableArguments {
        @Option(help: ArgumentHelp("Exactly so many.", valueName: "count"), transform: Count.from(0))
        var times: Int?

        @Option(help: ArgumentHelp("So many or more. (default: 1)", valueName: "count"), transform: Count.from(0))
        var atLeast: Int?

        @Option(help: ArgumentHelp("So many or fewer.", valueName: "count"), transform: Count.from(0))
        var atMost: Int?

        @Option(
            help: ArgumentHelp(
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
        let isWhole = attoseconds == 0
        let within: JSONValue = isWhole ? .integer(Int(seconds)) : .number(time / .seconds(1))
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
        static let configuration = CommandConfiguration(
            abstract: "Wait until the journal has what is expected; exit 0, or 1 where it does not come.",
            discussion: """
                What is expected at least ends the wait as soon as it is there. Exactly and at most so many are watched \
                until the time is over, and fail as soon as there are more; they also fail where the journal ran over \
                meanwhile, since nobody can say then.

                A rule that acts on exchanges counts those, and other rules connections, unless --count says it.

                Where it does not come, the entries that nearly matched are named, with what is different.

                EXAMPLES
                  fauxguard journal wait --where alert=unknown_ca,client=127.0.0.1
                  fauxguard journal wait --where type=PollingRequest --at-least 3 --timeout 2m
                  fauxguard journal wait --where outcome=timed-out --at-most 0 --timeout 3s
                """
        )

        @OptionGroup var filters: JournalFilters
        @OptionGroup var expectation: Expectation

        @Option(
            help: ArgumentHelp(
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
        static let configuration = CommandConfiguration(
            abstract: "Say whether the journal has what is expected now; exit 0 or 1.",
            discussion: """
                EXAMPLES
                  fauxguard journal verify --where serial=FGT60FTK20000001 --at-least 1
                  fauxguard journal verify --where type=MobileProvisionRequest --times 0
                """
        )

        @OptionGroup var filters: JournalFilters
        @OptionGroup var expectation: Expectation
        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            try verify(filters, expectation, within: .zero, session)
        }
    }

    struct Tail: AdminCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print connections and exchanges as they happen, until Ctrl-C.",
            discussion: """
                EXAMPLES
                  fauxguard journal tail
                  fauxguard journal tail --where serial=FGT60FTK20000001 --count 1
                  fauxguard journal tail --count 1 --json | jq .client
                """
        )

        @OptionGroup var filters: JournalFilters
        @OptionGroup var detail: JournalDetailOptions

        @Option(help: ArgumentHelp("Stop after so many.", valueName: "count"), transform: Count.from(1))
        var count: Int?

        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            try JournalFilters.used { () throws(CommandFailure) in
                try JournalTail(session: session, query: filters.query + detail.query, count: count).run()
            }
        }
    }
}
