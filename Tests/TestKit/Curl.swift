/// curl, as a client that nobody here wrote.
package struct Curl: Sendable {
    /// An answer as curl received it.
    package struct Reply: Sendable {
        /// The status code of the final answer.
        package let status: Int
        /// The final answer's header lines after the status line.
        package let fields: [String]
        /// The body.
        package let body: String

        /// Takes an answer apart; interim ones in front of it are passed over.
        package init(parsing text: String) throws {
            var rest = Substring(text)
            while true {
                // Swift sees CR LF as one character, so a head's end is two of them.
                guard let end = rest.firstRange(of: "\r\n\r\n") else { throw TestKitError("no head in \(text)") }
                var lines = rest[..<end.lowerBound].split(separator: "\r\n").map(String.init)
                guard !lines.isEmpty, let word = lines.removeFirst().split(separator: " ").dropFirst().first,
                    let code = Int(word)
                else { throw TestKitError("no status line in \(text)") }
                rest = rest[end.upperBound...]
                guard code >= 200 else { continue }
                (status, fields, body) = (code, lines, String(rest))
                return
            }
        }

        /// The value of the first field with this name, in any case.
        package func value(of name: String) -> String? {
            let prefix = name.lowercased() + ":"
            guard let line = fields.first(where: { $0.lowercased().hasPrefix(prefix) }) else { return nil }
            return String(line.dropFirst(prefix.count).drop { $0 == " " })
        }
    }

    private let url: String
    private let authority: String

    /// The path of activations, provisions and polls.
    package static let process = "/SoftToken/Provisioning.asmx/Process"
    /// The path of the phone's half.
    package static let mobile = "/SoftToken/Provisioning.asmx/Mobile"
    /// The path of the page for people.
    package static let page = "/SoftToken/Provisioning.asmx"

    /// A client of this server's data plane that trusts its lab CA.
    package init(_ server: ServerProcess) {
        url = server.url
        authority = server.authority
    }

    /// What every call begins with: no configuration of the user, no proxy, no waiting for ever.
    package static let manners = [
        "-q", "--silent", "--show-error", "--noproxy", "*", "--max-time", "\(20 * Sanitizer.slowdown)",
    ]

    /// Runs curl on `path` with further options; whatever comes of it is the result.
    package func run(_ options: [String], path: String = Self.process, input: String? = nil) async throws
        -> Command.Result
    {
        try await Command.run("curl", Self.manners + ["--cacert", authority] + options + [url + path], input: input)
    }

    /// Posts a body and returns the answer; throws where curl says that there was none.
    package func post(_ body: String, to path: String = Self.process, _ options: [String] = []) async throws -> Reply {
        try await reply(to: ["--data-binary", "@-"] + options, path: path, input: body)
    }

    /// Sends a request made by `options` and returns the answer; throws where curl says that there was none.
    package func reply(to options: [String], path: String = Self.process, input: String? = nil) async throws -> Reply {
        let result = try await run(["--include"] + options, path: path, input: input)
        guard result.status == 0 else {
            throw TestKitError("curl \(options) ended with \(result.status): \(result.errors)")
        }
        return try Reply(parsing: result.output)
    }
}
