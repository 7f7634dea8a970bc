import ArgumentParser
import HTTP
import Notation

/// `fauxguard scenario`: ready-made worlds.
struct ScenarioCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scenario",
        abstract: "Set a lab up for a published symptom, and put it back.",
        discussion: """
            A scenario is registry rows and fault rules together, and what is then seen. One runs in a lab at a time. \
            docs/scenarios.md tells of each.

            EXAMPLES
              fauxguard scenario list
              fauxguard scenario start dpi-in-path
              fauxguard scenario stop dpi-in-path
            """,
        subcommands: [List.self, Show.self, Start.self, Stop.self]
    )

    struct List: AdminCommand {
        static let configuration = does(
            "List the scenarios, and which of them runs.",
            "scenario list",
            "scenario list --json | jq -r '.items[] | .name, .symptom'"
        )

        @OptionGroup var options: AdminOptions
        @OptionGroup var page: PageOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            try session.list(
                "scenarios",
                session.path("scenarios"),
                limit: page.limit,
                [
                    .init("NAME", "name"), .init("RUNNING", "running").styled { $0 == "yes" ? .good : nil },
                    .init("SHOWS") { "\($0["title"].shown): \($0["symptom"].shown)" }.prose,
                ]
            )
        }
    }

    struct Show: AdminCommand {
        static let configuration = does(
            "Show a scenario, with the commands that show its symptom.",
            "scenario show dpi-in-path",
            "scenario show dpi-in-path --json | jq -r '.see[].command'"
        )

        @Argument(help: "The scenario's name.", completion: Completions.scenarios)
        var name: String

        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            session.show(try session.ask(.get, session.path("scenarios", name))) { scenario in
                ScenarioCommand.lines(of: scenario, for: session.terminal)
            }
        }
    }

    struct Start: AdminCommand {
        static let configuration = does(
            "Keep the lab as it is, and set the scenario up in it.",
            "scenario start dpi-in-path",
            "scenario start expired-license --lab team-a"
        )

        @Argument(help: "The scenario's name.", completion: Completions.scenarios)
        var name: String

        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            session.show(try session.ask(.post, session.path("scenarios", name, "start"))) { scenario in
                let width = session.terminal.proseWidth
                return Prose.lines("started \(name): \(scenario["title"].shown)", width: width)
                    + ScenarioCommand.otherRules(beside: scenario, width)
                    + ScenarioCommand.sights(of: scenario, width)
            }
        }
    }

    /// The rules that were in force before, and so may change what is seen; nothing where there are none.
    private static func otherRules(beside scenario: JSONValue, _ width: Int) -> [String] {
        let others = scenario["otherRules"].items
        guard !others.isEmpty else { return [] }
        let text = "\(Wording.count(others.count, "other rule")) in force too: \(scenario["otherRules"].shown)"
        return Prose.lines(text, width: width)
    }

    struct Stop: AdminCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put the lab back to what it was before the scenario.",
            discussion: """
                Registry and clock are as before the start, whatever happened since; rules that the scenario did \
                not bring stay, and so does the journal.

                EXAMPLES
                  fauxguard scenario stop dpi-in-path
                """
        )

        @Argument(help: "The scenario's name.", completion: Completions.scenarios)
        var name: String

        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            session.show(try session.ask(.post, session.path("scenarios", name, "stop"))) { _ in
                ["stopped \(name): the lab \(session.lab) is as it was before"]
            }
        }
    }

    private static func lines(of scenario: JSONValue, for terminal: Terminal) -> [String] {
        guard case .object(var members) = scenario else { return [scenario.shown] }
        let rules = scenario["faults"].items.map { "\($0["name"].shown): \($0["do"].shown)" }
        members["faults"] = .array(rules.map { .string($0) })
        members["see"] = nil
        members["registry"] = nil
        let names = ["name", "title", "symptom", "published", "running", "clock", "steps", "faults"]
        return Table.lines(of: .object(members), in: names, for: terminal, limit: terminal.proseWidth)
            + sights(of: scenario, terminal.proseWidth)
    }

    /// What is seen, each with the command that shows it.
    private static func sights(of scenario: JSONValue, _ width: Int) -> [String] {
        scenario["see"].items
            .flatMap { sight in
                let times = sight["times"].int.map { $0 > 1 ? " (\($0) times)" : "" } ?? ""
                let command = sight["command"].string.map { ["  \(Visible.text($0))"] } ?? []
                // A command stays in one line, to be copied.
                return [""] + Prose.lines(sight["what"].shown + times, width: width) + command
            }
    }
}
