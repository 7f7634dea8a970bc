import ArgumentParser
import FoundationEssentials
import IO
import Journal
import Logging

/// `fauxguard serve`: opens the lab and serves it until a signal.
struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the data plane and the admin plane.",
        discussion: """
            Flags beat the environment, which beats the configuration file, which beats the defaults. \
            "fauxguard serve --help-settings" lists everything that can be set in the file, limits and timeouts \
            among it, each with its default. A variable's name is the setting's in upper case: limits.bodyBytes is \
            FAUXGUARD_LIMITS_BODYBYTES.

            EXAMPLES
              fauxguard serve --listen main=127.0.0.1:8443 --listen tests=127.0.0.1:0
              fauxguard serve --ephemeral --listen 127.0.0.1:0 --ready-file ready.json
              fauxguard serve --help-settings
            """
    )

    @Option(help: "The configuration file; Config/fauxguard.yaml is read where it exists.") var config: String?
    @Option(help: "The folder of registry and keys. (default: \(Settings().data))") var data: String?

    @Option(
        help: .init(
            "A data-plane listener; may be repeated. (default: \(Settings.defaultListener))",
            valueName: "[name=]host:port[,lab=lab][,proxy=address/bits]"
        )
    )
    var listen: [String] = []

    @Option(help: .init("The admin plane. (default: \(Settings().admin))", valueName: "host:port")) var admin: String?

    @Option(
        help: .init(
            "A plain-HTTP listener that serves the lab CA, CRLs and OCSP to anyone; off unless given.",
            valueName: "host:port"
        )
    )
    var pki: String?

    @Option(help: "A file that holds the admin plane's bearer token; needed off loopback.") var adminTokenFile: String?

    @Option(
        help:
            "The registry document that an empty default lab is loaded from; none begins empty. (default: \(Settings().registry))"
    )
    var registry: String?

    @Flag(help: "Write nothing outside a temporary folder, which is removed at exit.") var ephemeral = false
    @Option(help: "The seed of the lab's chance. (default: \(Settings().seed))") var seed: String?
    @Option(help: "Write one JSON object to this file once every listener accepts.") var readyFile: String?
    @Option(help: "Event loops; 0 means one a core. (default: \(Settings().loops))") var loops: String?

    @Option(help: "trace, debug, info, notice, warning, error or critical. (default: \(Settings().logLevel.rawValue))")
    var logLevel: String?

    @Option(help: "text or json. (default: \(Settings().logFormat.rawValue))") var logFormat: String?
    @Flag(help: "Show every setting of the configuration file with its default, and end.") var helpSettings = false

    /// The file that is read without being named, where it exists.
    static let defaultConfig = "Config/fauxguard.yaml"

    func run() throws {
        guard !helpSettings else { return try StandardOutput.print(Setting.help) }
        do {
            try Serving.run(try settings())
        } catch let exit as ExitCode {
            throw exit
        } catch {
            // A line for each thing that is wrong, with its place: the operator's terminal, not a log.
            // It repeats what it refuses, which in a registry may be a code or a seed.
            let line = Redaction.redacted("fauxguard: \(Visible.lines("\(error)"))\n")
            StandardStream.write(Array(line.utf8), to: StandardStream.error)
            throw ExitCode((error as? SettingsError)?.isUsage == true ? 64 : 1)
        }
    }

    private func settings() throws -> Settings {
        let environment = ProcessInfo.processInfo.environment
        let isThere = FileManager.default.fileExists(atPath: Self.defaultConfig)
        let file = config ?? environment["FAUXGUARD_CONFIG"] ?? (isThere ? Self.defaultConfig : nil)
        do {
            return try Settings.merge(file: file, environment: environment, flags: flags)
        } catch {
            // Where the file can be read it may name the ready file of this start, which now comes to nothing.
            if readyFile == nil, environment["FAUXGUARD_READYFILE"] == nil,
                let entries = try? file.map(SettingsFile.read)
            {
                ReadyFile.removeStale(at: entries.last { $0.name == "readyFile" }?.texts.first)
            }
            throw error
        }
    }

    private var flags: [(flag: String, name: String, texts: [String])] {
        func one(_ text: String?) -> [String] { text.map { [$0] } ?? [] }
        let all: [(flag: String, name: String, texts: [String])] = [
            ("--data", "data", one(data)), ("--listen", "listen", listen), ("--admin", "admin", one(admin)),
            ("--pki", "pkiListener", one(pki)), ("--admin-token-file", "adminTokenFile", one(adminTokenFile)),
            ("--registry", "registry", one(registry)), ("--ephemeral", "ephemeral", ephemeral ? ["true"] : []),
            ("--seed", "seed", one(seed)), ("--ready-file", "readyFile", one(readyFile)),
            ("--loops", "loops", one(loops)), ("--log-level", "log.level", one(logLevel)),
            ("--log-format", "log.format", one(logFormat)),
        ]
        return all.filter { !$0.texts.isEmpty }
    }
}
