import ArgumentParser
import Faults
import HTTP

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
                        .init("EFFECT", "name"), .init("STAGES", "stages"), .init("ENDS", "ends"),
                        .init("DOES", "summary"),
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
            var lines = Table.lines(of: .object(members), in: names, for: terminal)
            if !effect["parameters"].items.isEmpty {
                let table = Table(columns: [
                    .init("PARAMETER", "name"), .init("TYPE", "type"), .init("RANGE") { range(of: $0) },
                    .init("DEFAULT") { $0["required"] == .bool(true) ? "(needed)" : $0["default"].shown },
                    .init("MEANS", "summary"),
                ])
                lines += [""] + table.lines(effect["parameters"].items, for: terminal)
            }
            let table = Table(columns: [
                .init("CLIENT", "client"), .init("VERSION", "version"), .init("REPORTS", "report"),
            ])
            return lines + [""] + table.lines(effect["observed"].items, for: terminal)
        }

        private static func range(of parameter: JSONValue) -> String {
            let unit = parameter["unit"].string.map { " \($0)" } ?? ""
            return parameter["range"].shown + unit
        }
    }
}
