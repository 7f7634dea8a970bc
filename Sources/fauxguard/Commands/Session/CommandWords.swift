import ArgumentParser
import Notation

/// The words of the command line, arranged so that a value that begins with a dash is a value.
///
/// The parser takes `-1h` for the flags `-1` and `-h`, and so prints its help and ends well; behind an option it says
/// that the value is missing. No command has flags of several letters behind one dash, so that whatever else begins
/// with one, or with two and a digit, is a value, which whoever reads it refuses by its name. A dash and one letter
/// stays a flag, so that the parser says that there is none.
enum CommandWords {
    /// The same words, with such values bound to the option before them, or behind a `--` at the end.
    static func arranged(_ words: [String]) -> [String] {
        // A shell that asks for completions passes on what was typed, as it was typed.
        guard words.first != "---completion" else { return words }
        let end = words.firstIndex(of: "--") ?? words.endIndex
        var arranged: [String] = []
        var values: [String] = []
        for word in words[..<end] {
            guard isValue(word) else {
                arranged.append(word)
                continue
            }
            if let option = arranged.last, option.hasPrefix("--"), !option.contains("="), !flags.contains(option) {
                arranged[arranged.endIndex - 1] = "\(option)=\(word)"
            } else {
                values.append(word)
            }
        }
        values += words[end...].dropFirst()
        return end == words.endIndex && values.isEmpty ? arranged : arranged + ["--"] + values
    }

    /// The options of all commands that take no value.
    static let flags: Set = [
        "--bodies", "--canonical", "--ephemeral", "--help", "--help-settings", "--json", "--no-model",
        "--no-valid-until",
        "--not-transferable", "--registered", "--secrets", "--transferable", "--unregistered", "--version", "--yes",
    ]

    private static func isValue(_ word: String) -> Bool {
        guard word.hasPrefix("-"), word != "-" else { return false }
        let rest = word.dropFirst()
        if rest.count == 1, rest.first?.isLetter == true { return false }
        guard rest.hasPrefix("-") else { return true }
        return rest.dropFirst().first.map { $0 == "." || $0.isNumber } ?? false
    }
}

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
