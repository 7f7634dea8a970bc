import ArgumentParser
import FoundationEssentials
import IO
import Journal
import Server
import TLS

/// The command line: one type a subcommand, everything parsed here at the edge.
@main
struct FauxGuard: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fauxguard",
        abstract: "A lab stand-in for a soft-token provisioning service, over a license registry.",
        discussion: """
            It is a test double: not the vendor's, without any credential of the vendor's, and refused by real \
            appliances, which trust only their vendor's certificates.

            EXAMPLES
              fauxguard serve                         serve the demo lab
              fauxguard serve --listen 127.0.0.1:0    take a free port
              fauxguard license issue --size 5        issue a license there
              fauxguard journal tail                  watch what happens
            """,
        version: Server.version,
        subcommands: [Serve.self, FaultsPage.self],
        groupedSubcommands: [
            CommandGroup(
                name: "Administration",
                subcommands: [
                    LabCommand.self, DeviceCommand.self, LicenseCommand.self, TokenCommand.self, ClockCommand.self,
                    SnapshotCommand.self, CertsCommand.self, RegistryCommand.self, FaultCommand.self,
                    ScenarioCommand.self, JournalCommand.self,
                ]
            )
        ]
    )

    /// Reads the words of the command line, in which a value may begin with a dash.
    static func main() {
        StandardStream.reserve()
        Library.setUp()
        let typed = Array(CommandLine.arguments.dropFirst())
        let words = CommandWords.arranged(typed)
        // Who waits for a server must not take the file of an earlier one for it, whatever keeps this one from
        // starting.
        ReadyFile.removeStale(named: words, ProcessInfo.processInfo.environment)
        do {
            try HelpWords.check(typed, of: Self.self)
            var command = try parseAsRoot(words)
            try command.run()
        } catch {
            let (message, code) = (UsageLines.broken(fullMessage(for: error)), exitCode(for: error))
            if message.isEmpty { exit(withError: code) }
            if code.isSuccess {
                do { try StandardOutput.print(message + "\n") } catch { exit(withError: exitCode(for: error)) }
            } else {
                // A refusal repeats what was typed, which may be a code.
                let text = Redaction.redacted(Visible.lines(message)) + "\n"
                StandardStream.write(Array(text.utf8), to: StandardStream.error)
            }
            exit(withError: code)
        }
    }
}
