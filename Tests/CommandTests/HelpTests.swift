import Foundation
import TestKit
import Testing

/// What every command says of itself.
@Suite("Help", .timeLimit(.minutes(2)))
struct HelpTests {
    /// One command of the dump that completions and manual pages are made of.
    struct Command: Decodable {
        let commandName: String
        let abstract: String?
        let discussion: String?
        let subcommands: [Command]?

        func flattened(_ path: [String] = []) -> [(path: String, command: Command)] {
            let own = path + [commandName]
            return [(own.joined(separator: " "), self)] + (subcommands ?? []).flatMap { $0.flattened(own) }
        }
    }

    struct Dump: Decodable {
        let command: Command
    }

    @Test func `every command has an abstract and examples that begin with its own name`() async throws {
        let dump = try await TestKit.Command.run(Repository.binary, ["--experimental-dump-help"])
        let commands = try JSONDecoder().decode(Dump.self, from: Data(dump.bytes)).command.flattened()
            .filter { $0.command.commandName != "help" }
        #expect(commands.count > 50)
        for (path, command) in commands {
            #expect(command.abstract?.hasSuffix(".") == true, "\(path)")
            let text = command.discussion ?? ""
            let examples = text.firstRange(of: "EXAMPLES\n").map { text[$0.upperBound...] } ?? ""
            #expect(examples.contains("  \(path)"), "\(path): \(text)")
            for line in examples.split(separator: "\n") {
                // The help is wrapped at 80 columns, which would break an example in two.
                #expect(line.count <= 80, "\(line)")
            }
        }
    }
}
