import Foundation
import TestKit
import Testing

/// What the documents promise: links that lead somewhere, and commands that work.
@Suite(.timeLimit(.minutes(1))) struct DocumentationTests {
    private static let documents = [
        "README.md", "CONTRIBUTING.md", "Benchmarks/README.md", "Certs/README.md", "docs/fidelity.md",
        "docs/command-line.md", "docs/faults.md", "docs/map.md", "docs/protocol.md", "docs/recipes.md",
        "docs/scenarios.md",
        "docs/testing.md", "docs/threat-model.md", "docs/tour.md",
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
            let start = readme.prefix(upTo: try #require(readme.firstRange(of: "## The lab in your hands")).lowerBound)
            let shown = start.matches(of: /FTKMOB[0-9A-F]{10}/).map { String($0.output) }
            #expect(!shown.isEmpty)
            for token in shown { #expect(answer.output.contains(token), "\(answer.output)") }
            #expect(answer.output.hasSuffix("\"result\":1,\"error\":null}}\n"))
        }
    }

    /// Runs commands as a shell does, against a server.
    private func run(_ block: Substring, on server: ServerProcess) async throws -> Command.Result {
        let script = "set -euo pipefail\nfauxguard() { \(Repository.binary) \"$@\"; }\n" + block
        var environment = ProcessInfo.processInfo.environment
        environment["FAUXGUARD_ADMIN"] = server.ready.admin
        return try await Command.run("bash", ["-c", script], environment: environment)
    }

    @Test func `the README's rules fail as it says`() async throws {
        let readme = try Repository.text("README.md")
        let block = try #require(readme.firstMatch(of: /```sh\n(fauxguard fault add [^`]*)```/)?.output.1)
        let end = try #require(block.firstRange(of: "fauxguard fault clear")?.lowerBound)
        try await ServerProcess.serve { server in
            let added = try await run(block[..<end], on: server)
            #expect(added.status == 0, "\(added.errors)")
            #expect(added.output.contains("http.status-1") && added.output.contains("refused"), "\(added.output)")
            var answers: [Curl.Reply] = []
            for _ in 1...3 {
                let poll = WireMessage.polling(["FTKMOB947FDC1754"], by: "FGT60FTK20000001")
                answers.append(try await Curl(server).post(poll))
            }
            #expect(answers.map(\.status) == [503, 503, 200])
            #expect(answers[0].value(of: "Retry-After") == "30")
            #expect(answers[2].body.contains("\"error_code\":31"), "\(answers[2].body)")
            let cleared = try await run(block[end...], on: server)
            #expect(cleared.status == 0, "\(cleared.errors)")
            #expect(
                (try await AdminPlane(server).get(AdminPlane.lab() + "/faults")["items"] as? [Any])?.isEmpty == true
            )
        }
    }

    // A field report: these were found out by trial, and are what the documents owe.
    @Test func `every recipe works from its first line to its last`() async throws {
        let blocks = try Repository.text("docs/recipes.md").matches(of: /```sh\n([^`]*(?:`[^`]+)*?)```/).map(\.output.1)
        #expect(blocks.count == 3)
        try await ServerProcess.serve { server in
            for block in blocks {
                let here = block.replacing("data/pki/ca.pem", with: server.authority)
                    .replacing("localhost:8443", with: "localhost:\(server.port)")
                    .replacing("curl -", with: "curl -q -")
                let folder = try TemporaryFolder()
                let result = try await run("cd '\(folder.path)'\n" + here, on: server)
                #expect(result.status == 0, "\(block)\n\(result.errors)\n\(result.output)")
            }
        }
    }

    @Test func `every command of the README's admin tour works, in its order`() async throws {
        let readme = try Repository.text("README.md")
        let block = try #require(readme.firstMatch(of: /```sh\n(fauxguard clock set [^`]*)```/)?.output.1)
        #expect(block.split(separator: "\n").count > 10)
        let scenarios = ["FAUXGUARD_SCENARIOS": Repository.path("Config/scenarios")]
        try await ServerProcess.serve(environment: scenarios) { server in
            let here = block.replacing("http://127.0.0.1:8480", with: server.ready.admin)
            let tour = try await run(here[...], on: server)
            #expect(tour.status == 0, "\(tour.errors)\n\(tour.output)")
            let licenses = try await AdminPlane(server).get(AdminPlane.lab() + "/licenses/EFTM000000000077")
            #expect(licenses.status == 404, "the tour ends where it began")
        }
    }
}
