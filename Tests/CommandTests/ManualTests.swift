import Foundation
import TestKit
import Testing

/// What is made of the commands' definitions: manual pages, completions, a page of the documents.
@Suite("Manual", .timeLimit(.minutes(2)))
struct ManualTests {
    private static let tool = Repository.path("Tools/manual")

    @Test func `the document is what the definitions make`() async throws {
        let made = try await Command.run("python3", [Self.tool, "markdown", Repository.binary])
        #expect(made.status == 0, "\(made.errors)")
        let document = try Repository.text("docs/command-line.md")
        #expect(made.output == document, "docs/command-line.md is old: make docs/command-line.md")
    }

    @Test func `each subcommand has a page that a formatter takes without a warning`() async throws {
        let folder = try TemporaryFolder()
        let made = try await Command.run("python3", [Self.tool, "pages", Repository.binary, folder.path(of: "man")])
        #expect(made.status == 0, "\(made.errors)")
        let pages = try FileManager.default.contentsOfDirectory(atPath: folder.path(of: "man")).sorted()
        for name in ["", "-serve", "-lab", "-device", "-license", "-token", "-clock", "-snapshot", "-certs", "-fault"] {
            #expect(pages.contains("fauxguard\(name).1"))
        }
        let hasFormatter = try await Command.run("/bin/sh", ["-c", "command -v groff"]).status == 0
        for page in pages {
            let path = folder.path(of: "man/\(page)")
            let text = try String(contentsOfFile: path, encoding: .utf8)
            #expect(text.contains("\n.SH EXAMPLES\n.nf\n.RS 4\nfauxguard "), "\(page)")
            guard hasFormatter else { continue }
            let checked = try await Command.run("groff", ["-ww", "-z", "-man", "-Tutf8", path])
            #expect(checked.status == 0)
            #expect(checked.errors.isEmpty, "\(page): \(checked.errors)")
            // A field report: synopses ran over the edge of a terminal, up to 213 columns.
            let shown = try await Command.run("groff", ["-man", "-Tutf8", "-P-cbou", "-rLL=78n", path])
            let synopsis = shown.output.components(separatedBy: "\nSYNOPSIS\n").last?
                .components(separatedBy: "\nDESCRIPTION\n").first
            for line in synopsis?.split(separator: "\n") ?? [] { #expect(line.count <= 78, "\(page): \(line)") }
            #expect(synopsis?.contains("fauxguard") == true, "\(page)")
        }
    }

    @Test func `completions are made for each shell, and bash takes its own`() async throws {
        for shell in ["bash", "zsh", "fish"] {
            let made = try await Command.run(Repository.binary, ["--generate-completion-script", shell])
            #expect(made.status == 0)
            #expect(made.output.contains("journal"), "\(shell)")
            guard shell == "bash" else { continue }
            let checked = try await Command.run("bash", ["-n"], input: made.output)
            #expect(checked.status == 0, "\(checked.errors)")
        }
    }
}
