import Foundation
import TestKit
import Testing

/// What the documents promise: links that lead somewhere, and commands that work.
@Suite(.timeLimit(.minutes(1))) struct DocumentationTests {
    private static let documents = [
        "README.md", "CONTRIBUTING.md", "Benchmarks/README.md", "Certs/README.md", "docs/fidelity.md",
        "docs/command-line.md", "docs/threat-model.md", "docs/tour.md",
    ]

    @Test func `links lead to files that are there`() throws {
        let decisions = try FileManager.default.contentsOfDirectory(atPath: Repository.path("docs/design"))
        for document in Self.documents + decisions.map({ "docs/design/" + $0 }) {
            let folder = Repository.path(document).split(separator: "/").dropLast().joined(separator: "/")
            for match in try Repository.text(document).matches(of: /\]\(([^)#:]+)[)#]/) {
                let isThere = FileManager.default.fileExists(atPath: "/\(folder)/\(match.output.1)")
                #expect(isThere, "\(document) links to \(match.output.1)")
            }
        }
    }

    @Test func `decisions are numbered without gaps`() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Repository.path("docs/design")).sorted()
        let numbers = names.compactMap { Int($0.prefix(4)) }
        #expect(numbers == Array(1...max(1, names.count)), "\(names)")
        for (name, number) in zip(names, numbers) {
            let text = try Repository.text("docs/design/\(name)")
            #expect(text.hasPrefix("# \(number). "), "\(name)")
            for part in ["Context", "Decision", "Consequences"] { #expect(text.contains("\n## \(part)\n"), "\(name)") }
        }
    }

    @Test func `the README's request is granted, with the tokens that it shows`() async throws {
        let readme = try Repository.text("README.md")
        let command = try #require(readme.firstMatch(of: /```sh\n(curl [^`]*)```/)?.output.1)
        try await ServerProcess.serve { server in
            let words = command.replacing("data/pki/ca.pem", with: server.authority)
                .replacing("https://localhost:8443", with: server.url)
            #expect(words != command)
            let answer = try await Command.run(
                "bash",
                ["-c", "\(words.replacing("curl ", with: "curl -q -s ", maxReplacements: 1))"]
            )
            #expect(answer.status == 0, "\(answer.errors)")
            let shown = readme.matches(of: /FTKMOB[0-9A-F]{10}/).map { String($0.output) }
            #expect(!shown.isEmpty)
            for token in shown { #expect(answer.output.contains(token), "\(answer.output)") }
            #expect(answer.output.hasSuffix("\"result\":1,\"error\":null}}\n"))
        }
    }

    @Test func `every command of the README's admin tour works, in its order`() async throws {
        let readme = try Repository.text("README.md")
        let block = try #require(readme.firstMatch(of: /```sh\n(fauxguard clock set [^`]*)```/)?.output.1)
        #expect(block.split(separator: "\n").count > 10)
        try await ServerProcess.serve { server in
            let script = "set -euo pipefail\nfauxguard() { \(Repository.binary) \"$@\"; }\n" + block
            var environment = ProcessInfo.processInfo.environment
            environment["FAUXGUARD_ADMIN"] = server.ready.admin
            let tour = try await Command.run("bash", ["-c", script], environment: environment)
            #expect(tour.status == 0, "\(tour.errors)\n\(tour.output)")
            let licenses = try await AdminPlane(server).get(AdminPlane.lab() + "/licenses/EFTM000000000077")
            #expect(licenses.status == 404, "the tour ends where it began")
        }
    }
}
