import ArgumentParser
import Faults
import HTTP
import Notation

/// `fauxguard fault`: failure on command.
struct FaultCommand: Noun {
    static let configuration = does(
        name: "fault",
        "Fail on command: add, list and remove fault rules.",
        about: """
            A rule says when something fails, how, and how often. docs/faults.md has the language of rules and every \
            effect; "fauxguard fault catalogue" lists the effects too.
            """,
        "fault add http.status --with code=503 --times 2",
        "fault list",
        "fault catalogue http.status",
        verbs: [Add.self, List.self, Show.self, Remove.self, Clear.self, Effects.self]
    )

    static let noun = "rule"
    static let list = "faults"
    static let plural = "fault rules"
    static let members = [
        "name", "do", "with", "when", "skip", "times", "probability", "for", "stage", "matched", "acted", "missed",
        "retired", "expires",
    ]

    struct List: ListCommand {
        typealias Kind = FaultCommand
        static let configuration = does(
            "List the fault rules in their order, with how often each acted.",
            "fault list",
            "fault list --json | jq '.items[] | .name, .missed'"
        )

        @OptionGroup var page: PageOptions

        func columns(for items: [JSONValue], _ session: AdminSession) -> [Table.Column] {
            [
                .init("NAME", "name"), .init("EFFECT", "do").dispensable, .init("WHEN", "when").broken,
                .init("STAGE", "stage").dispensable, .init("MATCHED", "matched").dispensable, .init("ACTED", "acted"),
                .init("STATE", state).broken.styled { $0 == "retired" ? .faint : nil },
            ]
        }
    }

    /// Whether a rule goes on, in a word or two.
    private static func state(of rule: JSONValue) -> String {
        if rule["retired"] == .flag(true) { return "retired" }
        return rule["expires"].string.map { "until \($0)" } ?? "in force"
    }

    struct Show: Verb {
        static let configuration = does(
            "Show a fault rule, how often it acted, and why it did not.",
            "fault show http.status-1"
        )
        static let request = VerbRequest.show

        @OptionGroup var subject: One<FaultCommand>
    }

    struct Remove: Verb {
        static let configuration = does("Remove fault rules.", "fault remove http.status-1")
        static let request = VerbRequest.remove
        static let done: String? = "removed"

        @OptionGroup var subject: Each<FaultCommand>
    }

    struct Clear: AdminCommand {
        static let configuration = does("Remove all fault rules of the lab.", "fault clear", "fault clear --lab team-a")

        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            session.show(try session.ask(.delete, path(in: session))) { _ in
                ["removed all fault rules of the lab \(session.lab)"]
            }
        }
    }
}

/// What a rule can do.
extension FaultCommand {
    struct Effects: AdminCommand {
        static let configuration = does(
            name: "catalogue",
            "List the effects that a rule can have, or show one in full.",
            "fault catalogue",
            "fault catalogue http.status"
        )

        @Argument(help: "The effect to show in full.", completion: Completions.effects) var effect: String?
        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            let path = try AdminSession.path(["faults", "catalogue"] + (effect.map { [$0] } ?? []))
            guard effect == nil else {
                return session.show(try session.ask(.get, path)) { Self.lines(of: $0, for: session.terminal) }
            }
            let effects = try session.items(path)
            guard !session.printsJSON else { return }
            session.tabulate(
                "effects",
                effects,
                [.init("EFFECT", "name"), .init("ENDS", "ends"), .init("DOES", "summary").prose]
            )
        }

        private static func lines(of effect: JSONValue, for terminal: Terminal) -> [String] {
            guard case .object(var members) = effect else { return [effect.shown] }
            members["parameters"] = nil
            members["observed"] = nil
            let names = ["name", "stages", "ends", "summary", "expected"]
            var lines = Table.lines(of: .object(members), in: names, for: terminal, limit: terminal.proseWidth)
            let parameters = effect["parameters"].items.map { ($0["name"].shown, meaning(of: $0)) }
            if !parameters.isEmpty {
                lines += ["", terminal.styled("PARAMETERS", .heading)]
                lines += Table.lines(of: parameters, for: terminal, limit: terminal.proseWidth)
            }
            let reports = effect["observed"].items
                .map { seen in
                    (
                        seen["client"].shown + (seen["version"].string.map { ", \(Visible.text($0))" } ?? ""),
                        seen["report"].shown
                    )
                }
            lines += ["", terminal.styled("CLIENTS REPORT", .heading)]
            return lines + Table.lines(of: reports, for: terminal, limit: terminal.proseWidth)
        }

        /// What a parameter means, what it takes, and what it is where nobody says.
        private static func meaning(of parameter: JSONValue) -> String {
            let range = parameter["range"].string.map { " \(Visible.text($0))" } ?? ""
            let unit = parameter["unit"].string.map { " \($0)" } ?? ""
            let isNeeded = parameter["required"] == .flag(true)
            let standard = isNeeded ? "(needed)" : "(default: \(parameter["default"].shown))"
            return "\(parameter["summary"].shown): \(parameter["type"].shown)\(range)\(unit) \(standard)"
        }
    }
}
