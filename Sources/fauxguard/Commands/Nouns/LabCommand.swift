import ArgumentParser
import HTTP
import Notation

/// `fauxguard lab`: the worlds that do not know of each other.
struct LabCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lab",
        abstract: "Make, show, reset and delete labs.",
        discussion: """
            A lab is a whole world: registry, clock, seed, fault rules and journal. The lab "default" is always there.

            EXAMPLES
              fauxguard lab list
              fauxguard lab create team-b --listen 127.0.0.1:0 --seed 7
            """,
        subcommands: [List.self, Create.self, Show.self, Reset.self, Delete.self]
    )

    static let members = ["name", "seed", "listeners", "clock", "devices", "licenses", "tokens"]

    static func lines(_ lab: JSONValue, for terminal: Terminal) -> [String] {
        guard case .object(var members) = lab else { return [lab.shown] }
        members["listeners"] = .string(lab["listeners"].items.map(listener).joined(separator: ", "))
        members["clock"] = .string(clock(lab["clock"]))
        return Table.lines(of: .object(members), in: Self.members, for: terminal)
    }

    private static func listener(_ listener: JSONValue) -> String {
        "\(listener["name"].shown)=\(listener["address"].shown)"
    }

    private static func clock(_ clock: JSONValue) -> String { "\(clock["mode"].shown) at \(clock["now"].shown)" }

    struct List: AdminCommand {
        static let configuration = does("List the labs.", "lab list", "lab list --json | jq -r '.items[].name'")

        @OptionGroup var options: AdminOptions
        @OptionGroup var page: PageOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            try session.list(
                "labs",
                AdminSession.path("labs"),
                limit: page.limit,
                [
                    .init("NAME", "name"),
                    .init("CLOCK") { clock($0["clock"]) }
                        .orShort(.init("CLOCK") { "\($0["clock"]["mode"].shown) \($0["clock"]["now"].shown)" }),
                    .init("DEVICES", "devices"), .init("LICENSES", "licenses"), .init("TOKENS", "tokens").dispensable,
                    .init("LISTENERS") { $0["listeners"].items.map(listener).joined(separator: ", ") }.broken,
                ]
            )
        }
    }

    struct Create: AdminCommand {
        static let configuration = does(
            "Make an empty lab, with a listener of its own where one is asked for.",
            "lab create team-a",
            "lab create team-b --listen 127.0.0.1:0 --seed 7"
        )

        @Argument(help: "The lab's name: a-z, 0-9, '.', '_' and '-', beginning with a letter or digit.")
        var name: String

        @Option(
            help: ArgumentHelp(
                "A listener of its own; port 0 takes a free one. With ,proxy=ADDRESS/BITS behind it, the PROXY "
                    + "protocol headers of these peers are taken.",
                valueName: "address:port"
            )
        )
        var listen: String?

        @Option(help: "Where its chance comes from.", transform: Count.seed)
        var seed: Int?

        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            let body = JSONValue.members([
                ("name", .string(name)), ("listen", listen.map { .string($0) }), ("seed", seed.map { .integer($0) }),
            ])
            let answer = try session.ask(.post, AdminSession.path("labs"), body: body)
            session.show(answer) { lines($0, for: session.terminal) }
        }
    }

    struct Show: AdminCommand {
        static let configuration = does("Show one lab.", "lab show", "lab show team-a --json")

        @Argument(help: "The lab's name; without it, the one of --lab.", completion: Completions.labs)
        var name: String?

        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            let answer = try session.ask(.get, AdminSession.path("labs", name ?? session.lab))
            session.show(answer) { lines($0, for: session.terminal) }
        }
    }

    struct Reset: AdminCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a lab as it was first loaded.",
            discussion: """
                The registry is as first loaded, the journal empty, and the clock runs.

                EXAMPLES
                  fauxguard lab reset
                  fauxguard lab reset team-a
                """
        )

        @Argument(help: "The lab's name; without it, the one of --lab.", completion: Completions.labs)
        var name: String?

        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            let answer = try session.ask(.post, AdminSession.path("labs", name ?? session.lab, "reset"))
            session.show(answer) { lines($0, for: session.terminal) }
        }
    }

    struct Delete: AdminCommand {
        static let configuration = does("Delete a lab with everything in it.", "lab delete team-b")

        @Argument(help: "The lab's name.", completion: Completions.labs)
        var name: String

        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            let answer = try session.ask(.delete, AdminSession.path("labs", name))
            session.show(answer) { _ in ["deleted lab \(name)"] }
        }
    }
}

/// `fauxguard snapshot`: whole labs, kept to come back to.
struct SnapshotCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snapshot",
        abstract: "Keep a lab's state and come back to it.",
        discussion: """
            A snapshot holds the registry, the state of chance and the clock. Fault rules stay as they are, and the \
            journal goes on.

            EXAMPLES
              fauxguard snapshot create before-failover
              fauxguard snapshot restore before-failover
            """,
        subcommands: [List.self, Create.self, Restore.self, Delete.self]
    )

    struct List: AdminCommand {
        static let configuration = does("List the lab's snapshots.", "snapshot list")

        @OptionGroup var options: AdminOptions
        @OptionGroup var page: PageOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            try session.list(
                "snapshots",
                session.path("snapshots"),
                limit: page.limit,
                [.init("NAME", "name"), .init("CREATED", "created"), .init("BYTES", "bytes").dispensable]
            )
        }
    }

    struct Create: AdminCommand {
        static let configuration = does(
            "Keep the lab as it is now.",
            "snapshot create",
            "snapshot create before-failover"
        )

        @Argument(help: "The snapshot's name; without one, the server makes one up.")
        var name: String?

        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            let body = JSONValue.members([("name", name.map { .string($0) })])
            let answer = try session.ask(.post, session.path("snapshots"), body: body)
            session.show(answer, in: ["name", "created", "bytes"])
        }
    }

    struct Restore: AdminCommand {
        static let configuration = does(
            "Make the lab as it was when the snapshot was made.",
            "snapshot restore before-failover"
        )

        @Argument(help: "The snapshot's name.", completion: Completions.snapshots)
        var name: String

        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            let answer = try session.ask(.post, session.path("snapshots", name, "restore"))
            session.show(answer) { LabCommand.lines($0, for: session.terminal) }
        }
    }

    struct Delete: AdminCommand {
        static let configuration = does("Delete a snapshot.", "snapshot delete before-failover")

        @Argument(help: "The snapshot's name.", completion: Completions.snapshots)
        var name: String

        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            let answer = try session.ask(.delete, session.path("snapshots", name))
            session.show(answer) { _ in ["deleted snapshot \(name)"] }
        }
    }
}
