import ArgumentParser
import Notation

/// The words behind `help`, which name a command.
enum HelpWords {
    /// Throws where they name none: the parser shows the help of the whole instead, and ends well.
    static func check(_ words: [String], of root: any ParsableCommand.Type) throws {
        guard words.first == "help" else { return }
        var command = root
        for word in words.dropFirst() where !word.hasPrefix("-") {
            let known = commands(of: command)
            guard let next = known.first(where: { $0._commandName == word }) else {
                let near = NearNames.find(word, among: known.map { $0._commandName })
                throw ValidationError("no command is called \"\(Visible.text(word))\"\(Wording.suggestion(near))")
            }
            command = next
        }
    }

    private static func commands(of command: any ParsableCommand.Type) -> [any ParsableCommand.Type] {
        command.configuration.ungroupedSubcommands + command.configuration.groupedSubcommands.flatMap(\.subcommands)
    }
}
