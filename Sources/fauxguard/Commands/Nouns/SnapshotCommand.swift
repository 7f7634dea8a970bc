import ArgumentParser
import HTTP
import Notation

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
        static let configuration = CommandConfiguration(
            abstract: "List the lab's snapshots.",
            discussion: """
                EXAMPLES
                  fauxguard snapshot list
                """
        )

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
        static let configuration = CommandConfiguration(
            abstract: "Keep the lab as it is now.",
            discussion: """
                EXAMPLES
                  fauxguard snapshot create
                  fauxguard snapshot create before-failover
                """
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
        static let configuration = CommandConfiguration(
            abstract: "Make the lab as it was when the snapshot was made.",
            discussion: """
                EXAMPLES
                  fauxguard snapshot restore before-failover
                """
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
        static let configuration = CommandConfiguration(
            abstract: "Delete a snapshot.",
            discussion: """
                EXAMPLES
                  fauxguard snapshot delete before-failover
                """
        )

        @Argument(help: "The snapshot's name.", completion: Completions.snapshots)
        var name: String

        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            let answer = try session.ask(.delete, session.path("snapshots", name))
            session.show(answer) { _ in ["deleted snapshot \(name)"] }
        }
    }
}
