import Documents
import Journal
import Logging
import Registry
import Server
import SoftToken
import TLS

/// The table of all settings.
extension Setting {
    /// All of them, in the order in which help shows them.
    static let all: [Setting] = service + faults + limits + timeouts + journal + choices + errorCodes

    private static let service: [Setting] = [
        text("data", "folder of registry and keys", \.data),
        Setting(
            name: "listen",
            isList: true,
            purpose: "data-plane listeners, [NAME=]HOST:PORT[,lab=LAB][,proxy=ADDRESS/BITS]",
            standard: "[\"\(Settings.defaultListener)\"]"
        ) { settings, texts in
            settings.listeners = []
            for text in texts {
                do throws(ListenerSettingError) {
                    settings.listeners.append(try ListenerSetting(text))
                } catch {
                    return error.reason
                }
            }
            return texts.isEmpty ? "at least one listener is needed" : nil
        },
        address(text("admin", "admin plane, HOST:PORT", \.admin)),
        optionalText("adminTokenFile", "file with the admin plane's bearer token", \.adminTokenFile),
        address(
            optionalText(
                "pkiListener",
                "plain-HTTP listener for the lab CA, CRLs and OCSP, HOST:PORT",
                \.authorityListener
            )
        ),
        text("registry", "registry document loaded into an empty default lab; none begins empty", \.registry),
        text("scenarios", "folder of the scenarios", \.scenarios),
        flag("ephemeral", "write nothing outside a temporary folder", \.isEphemeral),
        value(
            "seed",
            "seed of the labs' chance, 0 to 2^64-1",
            \.seed,
            orElse: { "\"\($0)\" is no whole number from 0 to 2^64-1" },
            { UInt64($0) }
        ),
        integer("loops", "event loops; 0 means one a core", 0...256, \.loops),
        duration("shutdownGrace", "how long a drain may take", \.shutdownGrace),
        optionalText("readyFile", "file to write once every listener accepts", \.readyFile),
        choice("log.level", "trace, debug, info, notice, warning, error or critical", \.logLevel),
        choice("log.format", "text or json", \.logFormat),
        Setting(
            name: "pki.names",
            isList: true,
            purpose: "further names and addresses of this server",
            standard: "[]"
        ) { settings, texts in
            for text in texts {
                do throws(PKIError) {
                    _ = try GeneralName(text)
                } catch {
                    return "\(error)"
                }
            }
            settings.names = texts
            return nil
        },
        text("pki.profiles", "file of the certificate profiles that rules can name", \.profiles),
    ]

    private static let faults: [Setting] = [
        Setting(
            name: FaultSetting.name,
            purpose: "fault rules of the lab default at the start (docs/faults.md)",
            standard: "[]"
        ) { settings, texts in
            do throws(DocumentError) {
                settings.faults = try FaultSetting.read(texts[0], from: "FAUXGUARD_FAULTS")
                return nil
            } catch {
                return error.all.map { ($0.path.isEmpty ? "" : "\($0.path): ") + $0.reason + $0.hint }
                    .joined(separator: "; ")
            }
        },
        flag("faults.persistent", "whether rules that were added are there again after a restart", \.keepsRules),
    ]

    private static let limits: [Setting] = [
        integer(
            "limits.connections",
            "open connections; 0 follows the descriptor limit",
            0...10_000_000,
            \.limits.connections
        ),
        integer(
            "limits.connectionsPerAddress",
            "open connections of one address; 0 means no limit",
            0...10_000_000,
            \.limits.connectionsPerAddress
        ),
        integer("limits.adminConnections", "open connections of the admin plane", 8...4096, \.limits.adminConnections),
        integer(
            "limits.adminConnectionsPerAddress",
            "those of one address; 0 means three quarters of them",
            0...4096,
            \.limits.adminConnectionsPerAddress
        ),
        integer("limits.adminStreams", "journals watched at a time", 1...4096, \.limits.adminStreams),
        integer("limits.adminWaits", "expectations waited for at a time", 1...4096, \.limits.adminWaits),
        integer("limits.headBytes", "bytes of a request's head", 1024...1_048_576, \.limits.headBytes),
        integer("limits.bodyBytes", "bytes of a request's body", 1024...67_108_864, \.limits.bodyBytes),
    ]

    private static let timeouts: [Setting] = [
        duration("timeouts.handshake", "from accept to the handshake's end", \.limits.handshakeTimeout),
        duration("timeouts.head", "from a request's first byte to its head's last", \.limits.headTimeout),
        duration("timeouts.body", "from the head's last byte to the body's last", \.limits.bodyTimeout),
        duration("timeouts.idle", "between two requests", \.limits.idleTimeout),
        duration("timeouts.write", "for a peer to take an answer", \.limits.writeTimeout),
    ]

    private static let journal: [Setting] = [
        integer(
            "journal.entries",
            "entries that a lab's journal holds; 0 switches it off",
            0...1_000_000,
            \.journal.entries
        ),
        integer("journal.bytes", "bytes of requests and answers in it", 0...1_073_741_824, \.journal.bytes),
    ]

    private static let choices: [Setting] = [
        choice("choices.activationCodeForm", "base32 or hexadecimal", \.wire.activationCodeForm),
        choice("choices.qrCode", "null or text", \.wire.qrCode),
        flag(
            "choices.unregisteredPeerFails",
            "an unregistered peer fails the whole request",
            \.rules.unregisteredPeerFails
        ),
        choice("choices.ha", "listed, binding or primary-only", \.rules.highAvailability),
    ]

    /// The refusals whose code and text a lab may correct; the others are published as they stand.
    static let guesses = ServiceError.allCases.filter { !$0.isFixed }

    private static let errorCodes: [Setting] = guesses.flatMap { error in
        let entry = ErrorTable()[error]
        return [
            Setting(
                name: "errors.\(error.rawValue).code",
                purpose: "its number on the wire",
                standard: "\(entry.code)"
            ) { settings, texts in
                guard let code = Int(texts[0]), ErrorTable.codes.contains(code) else {
                    let codes = ErrorTable.codes
                    return "\"\(texts[0])\" is no code from \(codes.lowerBound) to \(codes.upperBound)"
                }
                settings.errors[error, default: .init()].code = code
                return nil
            },
            Setting(
                name: "errors.\(error.rawValue).message",
                purpose: "its text on the wire",
                standard: entry.text
            ) { settings, texts in
                settings.errors[error, default: .init()].text = texts[0]
                return nil
            },
        ]
    }
}
