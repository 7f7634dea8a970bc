import ArgumentParser
import HTTP
import Notation

/// `fauxguard clock`: the lab's time, which every rule about time reads.
struct ClockCommand: ParsableCommand {
    static let configuration = does(
        name: "clock",
        "Show, freeze, set and advance the lab's clock.",
        about: """
            Certificates follow the host's clock, because clients do; with "--certificates lab" the lab's own \
            listeners present one that is good by its clock, and CRLs and OCSP answers count by both clocks.
            """,
        "clock run",
        "clock set 2027-01-01T00:00:00Z",
        "clock advance 2d12h",
        verbs: [Show.self, Freeze.self, Run.self, Set.self, Advance.self]
    )

    static let members = ["mode", "now", "certificates"]

    struct Show: AdminCommand {
        static let configuration = does("Show the clock.", "clock show", "clock show --json | jq -r .now")

        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            session.show(try session.ask(.get, session.path("clock")), in: members)
        }
    }

    struct Freeze: AdminCommand {
        static let configuration = does(
            "Stop the clock, where it is or at a moment.",
            "clock freeze",
            "clock freeze --at 2027-11-21T23:59:59Z"
        )

        @Option(help: .init("The moment to stop at.", valueName: "time"), transform: TimeArgument.moment)
        var at: String?

        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            let body = JSONValue.members([("mode", "frozen"), ("now", at.map { .string($0) })])
            session.show(try session.ask(.put, session.path("clock"), body: body), in: members)
        }
    }

    struct Run: AdminCommand {
        static let configuration = does("Let the clock run on from where it is.", "clock run")

        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            session.show(try session.ask(.put, session.path("clock"), body: ["mode": "running"]), in: members)
        }
    }

    struct Set: AdminCommand {
        static let configuration = does(
            "Set the clock to a moment, or say which clock certificates follow.",
            about: "A clock that runs runs on from there; one that is frozen stays so.",
            "clock set 2027-01-01T00:00:00Z",
            "clock set 2027-01-01",
            "clock set --certificates lab",
            "clock set --certificates host"
        )

        @Argument(help: "The moment: RFC 3339, or a day for its beginning in UTC.", transform: TimeArgument.moment)
        var time: String?

        @Option(
            help: .init("The clock that certificates follow: host or lab.", valueName: "clock"),
            completion: .list(["host", "lab"])
        )
        var certificates: String?

        @OptionGroup var options: AdminOptions

        func validate() throws {
            if time == nil, certificates == nil { throw ValidationError("Give a moment, or --certificates.") }
            try Choice.check(certificates, "--certificates", in: ["host", "lab"])
        }

        func perform(_ session: AdminSession) throws(CommandFailure) {
            let body = JSONValue.members([
                ("now", time.map { .string($0) }), ("certificates", certificates.map { .string($0) }),
            ])
            session.show(try session.ask(.put, session.path("clock"), body: body), in: members)
        }
    }

    struct Advance: AdminCommand {
        static let configuration = does("Move the clock forward.", "clock advance 2d12h", "clock advance 1.5h")

        @Argument(
            help: .init("How far: 90s, 10m, 1.5h or 2d12h.", valueName: "duration"),
            transform: DurationArgument.readSeconds
        )
        var duration: DurationArgument

        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            let body: JSONValue = ["seconds": .integer(duration.seconds)]
            session.show(try session.ask(.post, session.path("clock", "advance"), body: body), in: members)
        }
    }
}
