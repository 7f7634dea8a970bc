import ArgumentParser
import Faults
import HTTP
import Notation

/// What a rule can do.
extension FaultCommand {
    struct Effects: AdminCommand {
        static let configuration = CommandConfiguration(
            commandName: "catalogue",
            abstract: "List the effects that a rule can have, or show one in full.",
            discussion: """
                EXAMPLES
                  fauxguard fault catalogue
                  fauxguard fault catalogue http.status
                """
        )

        @Argument(help: "The effect to show in full.", completion: Completions.effects)
        var effect: String?

        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            guard let effect else {
                return try session.list(
                    "effects",
                    AdminSession.path("faults", "catalogue"),
                    limit: nil,
                    [
                        .init("EFFECT", "name"), .init("ENDS", "ends"), .init("DOES", "summary").prose,
                    ]
                )
            }
            let answer = try session.ask(.get, AdminSession.path("faults", "catalogue", effect))
            session.show(answer) { Self.lines(of: $0, for: session.terminal) }
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
