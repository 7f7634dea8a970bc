import ArgumentParser
import Client
import FoundationEssentials
import HTTP
import IO
import Notation
import Server

/// A command that speaks to the admin plane.
protocol AdminCommand: ParsableCommand {
    /// Where the admin plane is, which lab is meant, and how to print.
    var options: AdminOptions { get }

    /// Does it, or throws the one line that says why not.
    func perform(_ session: AdminSession) throws(CommandFailure)
}

extension AdminCommand {
    /// The library's own way to a name asks the type itself for a description, which looks through every conformance of
    /// the program: for all these commands a fifth of the instructions of a start.
    static var _commandName: String { configuration.commandName ?? "\(self as Any.Type)".lowercased() }

    func run() throws {
        try CommandFailure.reported { () throws(CommandFailure) in
            let session = try AdminSession(options)
            try perform(session)
            try session.output.check()
        }
    }
}

/// A command that does this, with what else is to know of it and examples, each without the program's name.
func does(
    name: String? = nil,
    _ abstract: String,
    about: String? = nil,
    _ examples: String...,
    verbs: [any ParsableCommand.Type] = []
) -> CommandConfiguration {
    let lines = (about.map { [$0, ""] } ?? []) + ["EXAMPLES"] + examples.map { "  fauxguard \($0)" }
    return CommandConfiguration(
        commandName: name,
        abstract: abstract,
        discussion: lines.joined(separator: "\n"),
        subcommands: verbs
    )
}

/// What every list takes.
struct PageOptions: ParsableArguments {
    @OptionGroup var options: AdminOptions

    @Option(
        help: .init("Stop after so many; without it, all are fetched.", valueName: "count"),
        transform: Count.from(1)
    )
    var limit: Int?
}

/// What every command that speaks to the admin plane takes.
struct AdminOptions: ParsableArguments {
    @Option(help: .init("The admin plane. (env: FAUXGUARD_ADMIN; default: \(Self.standardAdmin))", valueName: "url"))
    var admin: String?

    @Option(
        help: .init("The lab. (env: FAUXGUARD_LAB; default: \(Self.standardLab))", valueName: "name"),
        completion: LabCommand.completion
    )
    var lab: String?

    @Option(
        help: .init(
            "A file with the admin plane's bearer token. (env: FAUXGUARD_ADMIN_TOKEN_FILE)",
            valueName: "file"
        ),
        completion: .file()
    )
    var tokenFile: String?

    @Option(
        help: .init(
            "The CA of an https admin plane, in PEM. (env: FAUXGUARD_ADMIN_CA; default: \(Self.standardCA))",
            valueName: "file"
        ),
        completion: .file(extensions: ["pem", "crt"])
    )
    var ca: String?

    @Flag(help: "Print the API's answer unchanged.") var json = false

    static let standardAdmin = "http://127.0.0.1:8480"
    static let standardLab = "default"
    static let standardCA = "./data/pki/ca.pem"

    /// The variables that stand in for options.
    enum Variable: String, CaseIterable {
        case admin = "FAUXGUARD_ADMIN"
        case lab = "FAUXGUARD_LAB"
        case tokenFile = "FAUXGUARD_ADMIN_TOKEN_FILE"
        case ca = "FAUXGUARD_ADMIN_CA"

        /// What it holds; nil where that is nothing.
        var text: String? {
            let text = ProcessInfo.processInfo.environment[rawValue]
            return text?.isEmpty == false ? text : nil
        }
    }

    /// The lab that is meant.
    var labName: String { lab ?? Variable.lab.text ?? Self.standardLab }

    /// The file of the token, where one is given.
    var tokenPath: String? { tokenFile ?? Variable.tokenFile.text }

    /// A client of the admin plane that is meant.
    func client() throws(CommandFailure) -> HTTPClient {
        // `serve` takes the same variable as HOST:PORT, so that is understood too.
        let text = admin ?? Variable.admin.text ?? Self.standardAdmin
        let endpoint: ServerURL
        do throws(ClientError) {
            endpoint = try ServerURL(text.contains("://") ? text : "http://" + text)
        } catch {
            throw CommandFailure(error, from: nil)
        }
        let authorization = try tokenPath.map { path throws(CommandFailure) in try Self.token(in: path, for: endpoint) }
        let anchors: [UInt8] = endpoint.speaksTLS ? try self.anchors() : []
        let agent = (try? FieldValue(validating: "FauxGuard/\(Server.version)")) ?? FieldValue("FauxGuard")
        do throws(ClientError) {
            return try HTTPClient(endpoint, trusting: anchors, agent: agent, authorization: authorization)
        } catch {
            throw CommandFailure(error, from: endpoint)
        }
    }

    private func anchors() throws(CommandFailure) -> [UInt8] {
        do throws(CommandFailure) {
            return try Self.read(ca ?? Variable.ca.text ?? Self.standardCA)
        } catch {
            throw CommandFailure(error.kind, "\(error.message); an https admin plane needs its CA: --ca FILE")
        }
    }

    private static func token(in path: String, for endpoint: ServerURL) throws(CommandFailure) -> FieldValue {
        let text = String(decoding: try read(path), as: UTF8.self)
        guard let token = TokenFile.token(in: text),
            let value = try? FieldValue(validating: "Bearer \(token)")
        else { throw CommandFailure(.unable, "\(path) holds no token") }
        guard endpoint.speaksTLS || endpoint.isLoopback else {
            throw CommandFailure(.unable, "the token would go to \(endpoint) in clear; use https://")
        }
        return value
    }

    private static func read(_ path: String) throws(CommandFailure) -> [UInt8] {
        guard !path.isEmpty else { throw CommandFailure(.usage, "an empty text names no file") }
        do throws(SystemError) { return try File.read(path) } catch { throw CommandFailure(error) }
    }
}

/// A file that holds an admin plane's bearer token, as `serve` and the commands read it.
enum TokenFile {
    /// Its first word, behind a byte order mark where an editor has written one; nil where there is none.
    static func token(in text: String) -> String? {
        let mark = "\u{FEFF}"
        let words = text.hasPrefix(mark) ? text.dropFirst(mark.count) : text[...]
        return words.split(whereSeparator: \.isWhitespace).first.map(String.init)
    }
}
