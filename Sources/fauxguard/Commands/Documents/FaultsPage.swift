import ArgumentParser
import Faults

/// `fauxguard faults-page`: the effects in docs/faults.md, made of the catalogue that rules are checked against.
struct FaultsPage: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "faults-page",
        abstract: "Print the effects as docs/faults.md has them.",
        discussion: """
            EXAMPLES
              fauxguard faults-page
            """,
        shouldDisplay: false
    )

    func run() throws {
        let groups = Self.groups.map { group in
            "### \(group.title)\n"
                + Catalogue.effects.filter { $0.name.hasPrefix(group.prefix) }.map(Self.section).joined()
        }
        try StandardOutput.print(groups.joined(separator: "\n"))
    }

    private static let groups = [
        (prefix: "tcp.", title: "The connection"), (prefix: "tls.", title: "The handshake"),
        (prefix: "http.", title: "HTTP"), (prefix: "service.", title: "The service"),
    ]

    private static func section(_ entry: Effect) -> String {
        var lines = ["", "#### `\(entry.name)`", "", entry.summary, ""]
        lines.append("- At: \(entry.stages.map(\.rawValue).joined(separator: ", "))\(entry.ends ? ". It ends." : "")")
        lines.append("- Seen: " + entry.observed.map(sighting).joined(separator: "; "))
        lines.append("- A correct client \(entry.expected).")
        if !entry.parameters.isEmpty {
            lines += ["", "| parameter | is | default | means |", "| --- | --- | --- | --- |"]
            lines += entry.parameters.map(row)
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private static func sighting(_ observation: Effect.Observation) -> String {
        let version = observation.version.map { " over \($0)" } ?? ""
        return "\(observation.client)\(version) reports `\(observation.report)`"
    }

    private static func row(_ parameter: Parameter) -> String {
        let (kind, unit) = (parameter.kind, parameter.kind.unit.map { " \($0)" } ?? "")
        let range = kind.range.map { ": \($0)" } ?? ""
        let cells = [
            "`\(parameter.name)`", kind.typeName + range + unit, parameter.standard ?? "needed", parameter.summary,
        ]
        return "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
    }
}
