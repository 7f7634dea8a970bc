import Faults
import Foundation
import TestKit
import Testing

@testable import fauxguard

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

    /// What follows a flag is no value of it, so the arrangement of words has to know them.
    @Test func `the flags of all commands are those that take no value`() async throws {
        let dump = try await TestKit.Command.run(Repository.binary, ["--experimental-dump-help"])
        var found: Set<String> = []
        func walk(_ value: Any) {
            if let list = value as? [Any] { for element in list { walk(element) } }
            guard let object = value as? [String: Any] else { return }
            if object["kind"] as? String == "flag" {
                for name in object["names"] as? [[String: Any]] ?? [] where name["kind"] as? String == "long" {
                    found.insert("--\(name["name"] as? String ?? "")")
                }
            }
            for child in object.values { walk(child) }
        }
        walk(try JSONSerialization.jsonObject(with: Data(dump.bytes)))
        #expect(found == CommandWords.flags)
    }

    @Test func `a noun's examples are some of its verbs', so that they tell the same story`() async throws {
        let dump = try await TestKit.Command.run(Repository.binary, ["--experimental-dump-help"])
        let root = try JSONDecoder().decode(Dump.self, from: Data(dump.bytes)).command
        func examples(_ command: Command) -> [Substring] {
            let text = command.discussion ?? ""
            return text.firstRange(of: "EXAMPLES\n").map { text[$0.upperBound...].split(separator: "\n") } ?? []
        }
        for noun in root.subcommands ?? [] {
            guard let verbs = noun.subcommands, !verbs.isEmpty else { continue }
            let known = Set(verbs.flatMap(examples))
            for example in examples(noun) { #expect(known.contains(example), "\(example)") }
        }
    }

    // A field report: pages and tables ran over the edge of a terminal of 80 columns.
    @Test func `no page of help is wider than 80 columns`() async throws {
        let dump = try await TestKit.Command.run(Repository.binary, ["--experimental-dump-help"])
        let commands = try JSONDecoder().decode(Dump.self, from: Data(dump.bytes)).command.flattened()
        var pages = commands.filter { $0.command.commandName != "help" }
            .map { $0.path.split(separator: " ").dropFirst().map(String.init) + ["--help"] }
        pages.append(["serve", "--help-settings"])
        for page in pages {
            let help = try await TestKit.Command.run(Repository.binary, page)
            #expect(help.status == 0 && !help.output.isEmpty)
            expectNarrow(help.output, page)
        }
    }

    @Test func `no table of effects or scenarios is wider than 80 columns`() async throws {
        let scenarios = ["FAUXGUARD_SCENARIOS": Repository.path("Config/scenarios")]
        try await ServerProcess.serve(environment: scenarios) { server in
            let effects = Catalogue.effects.map { ["fault", "catalogue", $0.name] }
            for words in [["scenario", "list"], ["scenario", "show", "dpi-in-path"], ["fault", "catalogue"]] + effects {
                let shown = try await Session.run("", admin: server.ready.admin, more: words)
                #expect(shown.status == 0, "\(shown.errors)")
                // A command to copy stays in one line.
                expectNarrow(
                    shown.output.split(separator: "\n").filter { !$0.hasPrefix("  curl ") }.joined(separator: "\n"),
                    words
                )
            }
        }
    }

    private func expectNarrow(_ text: String, _ words: [String]) {
        for line in text.split(separator: "\n") { #expect(line.count <= 80, "\(words): \(line)") }
    }
}
