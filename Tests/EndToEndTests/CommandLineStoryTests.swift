import Foundation
import TestKit
import Testing

/// The examples of every command's help, in the order of docs/command-line.md.
@Suite("Examples of the command line", .timeLimit(.minutes(3)))
struct CommandLineStoryTests {
    // A field report: examples of the page failed for what other examples had not prepared.
    @Test func `each works where those before it were run`() async throws {
        let blocks = try Repository.text("docs/command-line.md").matches(of: /```sh\n([^`]*(?:`[^`]+)*?)```/)
            .map(\.output.1)
        #expect(blocks.first?.contains("fauxguard serve ") == true && blocks.count > 8)
        let surroundings = [
            "FAUXGUARD_SCENARIOS": Repository.path("Config/scenarios"),
            "FAUXGUARD_PKI_PROFILES": Repository.path("Certs/profiles.yaml"),
        ]
        try await ServerProcess.serve(environment: surroundings) { server in
            let folder = try TemporaryFolder()
            let script = prelude(for: server) + blocks.dropFirst().map(playable).joined()
            var environment = ProcessInfo.processInfo.environment
            environment["FAUXGUARD_ADMIN"] = server.ready.admin
            let story = "cd '\(folder.path)'\n" + script
            let result = try await Command.run("bash", ["-c", story], environment: environment, within: .seconds(150))
            #expect(result.status == 0, "\(result.errors)")
        }
    }

    /// A shell that stops at the first line that fails and says which, beside units that poll and one that distrusts.
    private func prelude(for server: ServerProcess) -> String {
        let poll = WireMessage.polling([], by: "FGT60FTK20000001")
        let owner = "FG100FTK20009876"
        let provision = WireMessage.provision(["FTKMOB947FDC1754"], by: owner)
        let url = server.url + Curl.process
        return """
            set -euo pipefail
            fauxguard() { \(Repository.binary) "$@"; }
            command -v jq > jq.path || jq() { cat > jq.txt; }
            newest() { fauxguard journal list --where type=PollingRequest | tail -1 | cut -d' ' -f1; }
            post() { curl -q -sS --max-time 10 --cacert '\(server.authority)' '\(url)' -d "$1" > answer.txt; }
            provision() { post '\(provision)'; }
            units() {
                set +e
                while :; do
                    post '\(poll)'
                    curl -q -sS --max-time 10 '\(url)'
                    sleep 0.2
                done > units.txt 2>&1
            }
            units &
            trap "kill $!" EXIT
            set -x

            """
    }

    /// The lines as a test can play them: what goes on until Ctrl-C ends, and what names anything of the run names it.
    private func playable(_ block: Substring) -> String {
        block.split(separator: "\n")
            .map(String.init)
            .map { line in
                if line == "fauxguard journal tail" { return "fauxguard journal tail --count 1" }
                if line.hasPrefix("fauxguard token expire ") { return "provision\n\(line)" }
                return line.replacing(/(journal (?:show|export)) 17/) { "\($0.output.1) \"$(newest)\"" }
            }
            .joined(separator: "\n") + "\n"
    }
}
