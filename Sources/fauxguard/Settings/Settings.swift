import IO
import Journal
import Logging
import Registry
import Server
import SoftToken

/// Everything that can be set, with its default: the one place that flags, environment and file are merged into.
struct Settings {
    /// How log lines are written.
    enum LogFormat: String, CaseIterable {
        case text
        case json
    }

    var data = "./data"
    var listeners: [ListenerSetting] = []
    var admin = "127.0.0.1:8480"
    var adminTokenFile: String?
    var registry = "Config/registry.yaml"
    var scenarios = "Config/scenarios"
    var isEphemeral = false
    var seed: UInt64 = 1
    var readyFile: String?
    var logLevel = Logger.Level.info
    var logFormat = LogFormat.text
    var names: [String] = []
    var profiles = "Certs/profiles.yaml"
    var authorityListener: String?
    var loops = 0
    var shutdownGrace = Duration.seconds(5)
    var limits = ServerLimits()
    var journal = JournalLimits()
    var errors: [ServiceError: ErrorTable.Override] = [:]
    var wire = WireChoices()
    var rules = RuleChoices()
    var faults: [FaultSetting] = []
    var keepsRules = false

    /// Where each setting was given that somebody gave, by its name in the file.
    var origins: [String: String] = [:]

    /// Where a setting was given, for what is wrong with it: a flag, a variable, a file's line, or its name alone.
    func origin(of name: String) -> String { origins[name] ?? "default" }

    /// The default data-plane listener.
    static let defaultListener = "main=127.0.0.1:8443,lab=default"

    /// How many event loops there are.
    var loopCount: Int { loops == 0 ? CoreCount.available : loops }
}
