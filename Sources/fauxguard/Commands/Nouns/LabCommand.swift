import ArgumentParser
import HTTP
import Notation

/// `fauxguard lab`: the worlds that do not know of each other.
struct LabCommand: Noun {
    static let configuration = does(
        name: "lab",
        "Make, show, reset and delete labs.",
        about: """
            A lab is a whole world: registry, clock, seed, fault rules and journal. The lab "default" is always there.
            """,
        "lab list",
        "lab create team-b --listen 127.0.0.1:0 --seed 7",
        verbs: [List.self, Create.self, Show.self, Reset.self, Delete.self]
    )

    static let isOfLab = false
    static let members = ["name", "seed", "listeners", "clock", "devices", "licenses", "tokens"]

    struct List: ListCommand {
        typealias Kind = LabCommand
        static let configuration = does("List the labs.", "lab list", "lab list --json | jq -r '.items[].name'")

        @OptionGroup var page: PageOptions

        func columns(for items: [JSONValue], _ session: AdminSession) -> [Table.Column] {
            [
                .init("NAME", "name"),
                .init("CLOCK", clock)
                    .orShort(.init("CLOCK") { "\($0["clock"]["mode"].shown) \($0["clock"]["now"].shown)" }),
                .init("DEVICES", "devices"), .init("LICENSES", "licenses"), .init("TOKENS", "tokens").dispensable,
                .init("LISTENERS", listeners).broken,
            ]
        }
    }

    static func lines(of lab: JSONValue, for terminal: Terminal) -> [String] {
        guard case .object(var members) = lab else { return [lab.shown] }
        members["listeners"] = .string(listeners(of: lab))
        members["clock"] = .string(clock(of: lab))
        return Table.lines(of: .object(members), in: Self.members, for: terminal)
    }

    private static func listeners(of lab: JSONValue) -> String {
        lab["listeners"].items.map { "\($0["name"].shown)=\($0["address"].shown)" }.joined(separator: ", ")
    }

    private static func clock(of lab: JSONValue) -> String {
        "\(lab["clock"]["mode"].shown) at \(lab["clock"]["now"].shown)"
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
            help: .init(
                "A listener of its own; port 0 takes a free one. With ,proxy=ADDRESS/BITS behind it, the PROXY "
                    + "protocol headers of these peers are taken.",
                valueName: "address:port"
            )
        )
        var listen: String?

        @Option(help: "Where its chance comes from.", transform: Count.seed) var seed: Int?
        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            let body = JSONValue.members([
                ("name", .string(name)), ("listen", listen.map { .string($0) }), ("seed", seed.map { .integer($0) }),
            ])
            let answer = try session.ask(.post, path(in: session), body: body)
            session.show(answer) { lines(of: $0, for: session.terminal) }
        }
    }

    /// The lab of this name, or the one that is meant anyway.
    struct OneOrOwn: Things {
        typealias Kind = LabCommand

        @Argument(help: "The lab's name; without it, the one of --lab.", completion: completion) var name: String?
        @OptionGroup var options: AdminOptions

        func names(in session: AdminSession) -> [String] { [name ?? session.lab] }
    }

    struct Show: Verb {
        static let configuration = does("Show one lab.", "lab show", "lab show team-a --json")
        static let request = VerbRequest.show

        @OptionGroup var subject: OneOrOwn
    }

    struct Reset: Verb {
        static let configuration = does(
            "Make a lab as it was first loaded.",
            about: "The registry is as first loaded, the journal empty, and the clock runs.",
            "lab reset",
            "lab reset team-a"
        )

        @OptionGroup var subject: OneOrOwn
    }

    struct Delete: Verb {
        static let configuration = does("Delete a lab with everything in it.", "lab delete team-b")
        static let request = VerbRequest.remove
        static let done: String? = "deleted lab"

        @OptionGroup var subject: One<LabCommand>
    }
}

/// `fauxguard snapshot`: whole labs, kept to come back to.
struct SnapshotCommand: Noun {
    static let configuration = does(
        name: "snapshot",
        "Keep a lab's state and come back to it.",
        about: """
            A snapshot holds the registry, the state of chance and the clock. Fault rules stay as they are, and the \
            journal goes on.
            """,
        "snapshot create before-failover",
        "snapshot restore before-failover",
        verbs: [List.self, Create.self, Restore.self, Delete.self]
    )

    static let members = ["name", "created", "bytes"]

    struct List: ListCommand {
        typealias Kind = SnapshotCommand
        static let configuration = does("List the lab's snapshots.", "snapshot list")

        @OptionGroup var page: PageOptions

        func columns(for items: [JSONValue], _ session: AdminSession) -> [Table.Column] {
            [.init("NAME", "name"), .init("CREATED", "created"), .init("BYTES", "bytes").dispensable]
        }
    }

    struct Create: AdminCommand {
        static let configuration = does(
            "Keep the lab as it is now.",
            "snapshot create",
            "snapshot create before-failover"
        )

        @Argument(help: "The snapshot's name; without one, the server makes one up.") var name: String?
        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            let body = JSONValue.members([("name", name.map { .string($0) })])
            session.show(try session.ask(.post, path(in: session), body: body), in: members)
        }
    }

    struct Restore: Verb {
        static let configuration = does(
            "Make the lab as it was when the snapshot was made.",
            "snapshot restore before-failover"
        )

        @OptionGroup var subject: One<SnapshotCommand>

        static func told(_ lab: JSONValue, of name: String, _ session: AdminSession) -> [String]? {
            LabCommand.lines(of: lab, for: session.terminal)
        }
    }

    struct Delete: Verb {
        static let configuration = does("Delete a snapshot.", "snapshot delete before-failover")
        static let request = VerbRequest.remove
        static let done: String? = "deleted snapshot"

        @OptionGroup var subject: One<SnapshotCommand>
    }
}
