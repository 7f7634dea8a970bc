import ArgumentParser
import Notation

/// `fauxguard scenario`: ready-made worlds.
struct ScenarioCommand: Noun {
    static let configuration = does(
        name: "scenario",
        "Set a lab up for a published symptom, and put it back.",
        about: """
            A scenario is registry rows and fault rules together, and what is then seen. One runs in a lab at a time. \
            docs/scenarios.md tells of each.
            """,
        "scenario list",
        "scenario start dpi-in-path",
        "scenario stop dpi-in-path",
        verbs: [List.self, Show.self, Start.self, Stop.self]
    )

    static let members = ["name", "title", "symptom", "published", "running", "clock", "steps", "faults"]

    struct List: ListCommand {
        typealias Kind = ScenarioCommand
        static let configuration = does(
            "List the scenarios, and which of them runs.",
            "scenario list",
            "scenario list --json | jq -r '.items[] | .name, .symptom'"
        )

        @OptionGroup var page: PageOptions

        func columns(for items: [JSONValue], _ session: AdminSession) -> [Table.Column] {
            [
                .init("NAME", "name"), .init("RUNNING", "running").styled { $0 == "yes" ? .good : nil },
                .init("SHOWS") { "\($0["title"].shown): \($0["symptom"].shown)" }.prose,
            ]
        }
    }

    static func lines(of scenario: JSONValue, for terminal: Terminal) -> [String] {
        guard case .object(var members) = scenario else { return [scenario.shown] }
        let rules = scenario["faults"].items.map { "\($0["name"].shown): \($0["do"].shown)" }
        members["faults"] = .array(rules.map { .string($0) })
        members["see"] = nil
        members["registry"] = nil
        return Table.lines(of: .object(members), in: Self.members, for: terminal, limit: terminal.proseWidth)
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

    struct Show: Verb {
        static let configuration = does(
            "Show a scenario, with the commands that show its symptom.",
            "scenario show dpi-in-path",
            "scenario show dpi-in-path --json | jq -r '.see[].command'"
        )
        static let request = VerbRequest.show

        @OptionGroup var subject: One<ScenarioCommand>
    }

    struct Start: Verb {
        static let configuration = does(
            "Keep the lab as it is, and set the scenario up in it.",
            "scenario start dpi-in-path",
            "scenario start expired-license --lab team-a"
        )

        @OptionGroup var subject: One<ScenarioCommand>

        static func told(_ scenario: JSONValue, of name: String, _ session: AdminSession) -> [String]? {
            let width = session.terminal.proseWidth
            // The rules that were in force before may change what is seen.
            let others = scenario["otherRules"]
            let count = Wording.count(others.items.count, "other rule")
            return Prose.lines("started \(name): \(scenario["title"].shown)", width: width)
                + (others.items.isEmpty ? [] : Prose.lines("\(count) in force too: \(others.shown)", width: width))
                + sights(of: scenario, width)
        }
    }

    struct Stop: Verb {
        static let configuration = does(
            "Put the lab back to what it was before the scenario.",
            about: """
                Registry and clock are as before the start, whatever happened since; rules that the scenario did \
                not bring stay, and so does the journal.
                """,
            "scenario stop dpi-in-path"
        )

        @OptionGroup var subject: One<ScenarioCommand>

        static func told(_ answer: JSONValue, of name: String, _ session: AdminSession) -> [String]? {
            ["stopped \(name): the lab \(session.lab) is as it was before"]
        }
    }
}
