import ArgumentParser
import Client
import FoundationEssentials
import HTTP
import IO
import Notation

/// `fauxguard registry`: a lab's whole registry as one document.
struct RegistryCommand: ParsableCommand {
    static let configuration = does(
        name: "registry",
        "Export, replace, merge and check the registry document.",
        about: """
            One YAML or JSON document holds devices, licenses and tokens. It holds secrets: seeds and codes. The form \
            follows from the file's name, .json or .yaml, unless --format gives it. The file - is standard input, or \
            standard output.
            """,
        "registry export lab.yaml",
        "registry import lab.yaml --yes --lab team-a",
        "registry validate lab.yaml",
        verbs: [Export.self, Import.self, Merge.self, Validate.self]
    )

    /// The forms of the document.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case yaml
        case json

        /// The form that a file's name tells; nil for standard streams and for other names.
        init?(fileName: String) {
            switch fileName.split(separator: ".").last?.lowercased() {
            case "json" where fileName != "-": self = .json
            case "yaml" where fileName != "-", "yml" where fileName != "-": self = .yaml
            default: return nil
            }
        }

        /// The form that a document seems to have: YAML that begins with a brace is JSON, or nearly.
        init(sniffing bytes: [UInt8]) {
            let first = bytes.first { $0 > 0x20 }
            self = first == UInt8(ascii: "{") ? .json : .yaml
        }

        var mediaType: FieldValue {
            switch self {
            case .yaml: FieldValue("application/yaml")
            case .json: FieldValue("application/json")
            }
        }
    }

    struct Export: AdminCommand {
        static let configuration = does(
            "Write the lab's registry to a file that only its owner reads.",
            "registry export lab.yaml",
            "registry export - --format json | jq .devices"
        )

        @Argument(
            help: "The file to write; - is standard output.",
            completion: .file(extensions: ["yaml", "yml", "json"])
        )
        var file = "-"

        @Option(help: "yaml or json. (default: by the file's name, else yaml)") var format: Format?
        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            let format = format ?? Format(fileName: file) ?? (session.printsJSON ? .json : .yaml)
            let path = try session.path("registry")
            try Output.fetch(path, accept: format.mediaType, from: session, into: file, mode: 0o600)
        }
    }

    /// A document that goes to the server.
    struct Source: ParsableArguments {
        @Argument(help: "The document; - is standard input.", completion: .file(extensions: ["yaml", "yml", "json"]))
        var file: String

        @Option(help: "yaml or json. (default: by the file's name, else by its first character)") var format: Format?

        /// The most bytes that are read; the server has a bound of its own.
        private static let limit = 1 << 30

        /// Sends it and prints what it holds; a bad one is told with its file and line.
        func send(
            _ method: Method,
            _ path: String,
            _ verb: String,
            from session: AdminSession,
            confirmed: () throws(CommandFailure) -> Void = {}
        ) throws(CommandFailure) {
            let bytes = try Output.read(file, limit: Self.limit)
            try confirmed()
            let format = format ?? Format(fileName: file) ?? Format(sniffing: bytes)
            let request = OutgoingRequest(method, path, body: (type: format.mediaType, bytes: bytes))
            var bar = ProgressBar("sending \(file)", bytes: bytes.count)
            let answer: AdminSession.Answer
            do throws(CommandFailure) {
                // A large document is read at the server's leisure before a byte of the answer comes.
                let patience = HTTPClient.Patience(idle: .seconds(600))
                defer { bar.finish() }
                answer = try session.send(request, patience: patience) { bar.show($0) }
            } catch {
                throw located(error)
            }
            session.show(answer) { counts in
                let parts = ["device", "license", "token"].map { Wording.count(counts[$0 + "s"].int ?? 0, $0) }
                return ["\(verb): \(parts.joined(separator: ", "))"]
            }
        }

        private func located(_ failure: CommandFailure) -> CommandFailure {
            guard let problem = failure.problem, let reason = problem.reason else { return failure }
            let place = [Output.place(in: file, problem.line), problem.path, reason].compactMap(\.self)
            let details = problem.errorLines(in: Output.place(in: file, nil))
            return CommandFailure(.no, place.joined(separator: ": "), details: details)
        }
    }

    struct Import: AdminCommand {
        static let configuration = does(
            "Replace the lab's whole registry by a document.",
            about: """
                On a terminal it asks first, unless --yes is given. A document with an error is refused whole, with \
                the place of the error, and nothing is changed.
                """,
            "registry import lab.yaml",
            "registry import lab.yaml --yes --lab team-a",
            "registry import - < lab.yaml"
        )

        @OptionGroup var source: Source
        @Flag(help: "Do not ask.") var yes = false
        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            try source.send(.put, session.path("registry"), "imported", from: session) { () throws(CommandFailure) in
                guard !yes, StandardStream.isTerminal(StandardStream.input) else { return }
                let question = "Replace everything in the lab \(session.lab) at \(session.client.endpoint)? [y/N] "
                StandardStream.write(Array(question.utf8), to: StandardStream.error)
                let answer = readLine()?.lowercased()
                guard answer == "y" || answer == "yes" else { throw CommandFailure(.no, "nothing was changed") }
            }
        }
    }

    struct Merge: AdminCommand {
        static let configuration = does(
            "Add a document's entries to the lab's registry, and replace those that it has.",
            "registry merge lab.yaml"
        )

        @OptionGroup var source: Source
        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            try source.send(.post, session.path("registry"), "merged; the lab has", from: session)
        }
    }

    struct Validate: AdminCommand {
        static let configuration = does("Check a document and change nothing.", "registry validate lab.yaml")

        @OptionGroup var source: Source
        @OptionGroup var options: AdminOptions

        func perform(_ session: AdminSession) throws(CommandFailure) {
            try source.send(.post, session.path("registry", "validate"), "valid", from: session)
        }
    }
}
