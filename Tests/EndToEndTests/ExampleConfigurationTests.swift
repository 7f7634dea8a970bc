import Foundation
import TestKit
import Testing

@testable import fauxguard

/// `Config/fauxguard.yaml` shows every setting at its default, commented out.
@Suite(.timeLimit(.minutes(1))) struct ExampleConfigurationTests {
    /// The file with its settings in force: a `#` goes where no blank and text follow it, as they do in prose.
    private static func uncommented() throws -> String {
        try Repository.text("Config/fauxguard.yaml").split(separator: "\n", omittingEmptySubsequences: false)
            .map { line in String(line.prefixMatch(of: /#(?! \S)/) == nil ? line : line.dropFirst()) }
            .joined(separator: "\n")
    }

    @Test func `it holds every setting once, in the order of the help, at its default`() throws {
        let folder = try TemporaryFolder()
        let entries = try SettingsFile.read(try folder.write(try Self.uncommented(), to: "fauxguard.yaml"))
        let written = entries.map { entry in
            let value = entry.isList ? "[\(entry.texts.map { "\"\($0)\"" }.joined(separator: ", "))]" : entry.texts[0]
            return "\(entry.name): \(value)"
        }
        #expect(written == Setting.all.map { "\($0.name): \($0.standard ?? "")" })
    }

    @Test func `each setting stands under the words that the help has for it`() throws {
        let lines = try Repository.text("Config/fauxguard.yaml").split(separator: "\n")
        var section = ""
        var prose: [String: Substring] = [:]
        for (line, above) in zip(lines.dropFirst(), lines) {
            guard let (_, indent, key) = line.wholeMatch(of: /#( *)([A-Za-z]+):.*/)?.output, indent.count != 1 else {
                continue
            }
            if indent.isEmpty { section = String(key) }
            prose[indent.isEmpty ? section : "\(section).\(key)"] = above
        }
        for setting in Setting.all where !setting.name.hasPrefix("errors.") {
            let words = try #require(
                prose[setting.name + ".rules"] ?? prose[setting.name],
                "\(setting.name) is not in the file"
            )
            #expect(words.hasSuffix("# " + setting.purpose), "\(setting.name) stands under: \(words)")
        }
    }

    @Test func `as it is, it changes nothing`() throws {
        #expect(try SettingsFile.read(Repository.path("Config/fauxguard.yaml")).isEmpty)
    }

    @Test func `the server starts with all of it in force`() async throws {
        let folder = try TemporaryFolder()
        // What has no default can't be given one; a section's line has no value either.
        let withDefaults = try Self.uncommented().split(separator: "\n")
            .filter { line in
                let key = line.drop { $0 == " " }.dropLast()
                return !line.hasSuffix(":")
                    || Setting.all.contains { $0.name.split(separator: ".").dropLast().contains(key) }
            }
            .joined(separator: "\n")
        let file = try folder.write(withDefaults, to: "fauxguard.yaml")
        try await ServerProcess.serve(arguments: ["--config", file]) { server in
            #expect(server.ready.seed == 1)
        }
    }

    @Test func `the help names every setting with its default`() async throws {
        let help = try await Command.run(Repository.binary, ["serve", "--help-settings"])
        for setting in Setting.all {
            if let name = setting.name.split(separator: ".").dropFirst().first, setting.name.hasPrefix("errors.") {
                #expect(help.output.contains("    \(name): "), "\(setting.name) is not in the help")
            } else {
                #expect(help.output.contains("\n  \(setting.name): \(setting.standard ?? "(none)")\n"))
                #expect(help.output.contains("\n      \(setting.purpose)\n"))
            }
        }
        #expect(help.output.split(separator: "\n").allSatisfy { $0.count <= 80 }, "a line would be wrapped")
    }

    @Test func `the systemd unit runs what is installed where it is installed`() throws {
        let unit = try Repository.text("Config/fauxguard.service")
        let makefile = try Repository.text("Makefile")
        for file in ["bin/fauxguard", "share/fauxguard/fauxguard.yaml", "share/fauxguard/registry.yaml"] {
            #expect(unit.contains("/usr/local/\(file)"))
            #expect(makefile.contains("$(PREFIX)/\(file)"))
        }
        // Examples of what the binary holds.
        #expect(makefile.contains("Certs/profiles.yaml \"$(DESTDIR)$(PREFIX)/share/fauxguard/profiles.yaml\""))
        #expect(makefile.contains("\"$(DESTDIR)$(PREFIX)/share/fauxguard/scenarios\" Config/scenarios/*.yaml"))
        for line in unit.split(separator: "\n") where line.hasPrefix("Environment=") {
            let name = line.dropFirst("Environment=".count).prefix { $0 != "=" }
            let isKnown = name == "FAUXGUARD_CONFIG" || Setting.all.contains { $0.environmentName == name }
            #expect(isKnown, "the unit sets \(name), which sets nothing")
        }
    }

    @Test(arguments: ["README.md", "docs/fidelity.md", "docs/protocol.md", "docs/threat-model.md"])
    func `settings that documents name are settings`(document: String) throws {
        let named = try Repository.text(document).matches(of: /`((?:choices|errors|limits|pki|timeouts)\.[A-Za-z.]+)`/)
            .map { String($0.output.1) }
        for name in Set(named) where !name.contains("NAME") {
            #expect(Setting.all.contains { $0.name == name }, "\(document) names \(name)")
        }
    }
}
