import TestKit

/// What a client said, and how long it took.
struct FaultReport: Sendable {
    /// All that it printed.
    let text: String
    let exit: ChildProcess.Exit
    let elapsed: Duration
}

/// One request by one client.
struct FaultCall: Sendable {
    let client: FaultClient
    /// `TLSv1.2` or `TLSv1.3`, and no other is spoken.
    let version: String
    /// The address that it comes from.
    let source: String
    let port: Int
    let authority: String
    var request = FaultRequest.poll
    /// Further options.
    var options: [String] = []
    /// After how many seconds it gives up; `openssl s_client` never does.
    var patience = 20 * Sanitizer.slowdown

    /// A client under way.
    struct Running: Sendable {
        let process: ChildProcess
        private let folder: TemporaryFolder
        private let began = ContinuousClock.now

        init(_ program: String, _ arguments: [String], input: String) throws {
            folder = try TemporaryFolder()
            process = try ChildProcess(program, arguments, input: .file(folder.write(input, to: "in")))
        }

        /// Waits for its end.
        func end() async throws -> FaultReport {
            let exit = try await process.wait(within: .seconds(60))
            return FaultReport(text: process.errors + process.output, exit: exit, elapsed: .now - began)
        }
    }

    /// Starts it, and waits for nothing.
    func start() throws -> Running {
        switch client {
        case .curl:
            let number = String(version.dropFirst("TLSv".count))
            return try Running(
                "curl",
                ["-q", "--silent", "--show-error", "--noproxy", "*", "--include", "--max-time", "\(patience)"]
                    + ["--cacert", authority, "--interface", source, "--resolve", "localhost:\(port):127.0.0.1"]
                    + ["--tlsv\(number)", "--tls-max", number, "--data-binary", "@-"] + options
                    + ["https://localhost:\(port)\(Curl.process)"],
                input: request
            )
        case .openssl:
            let head =
                "POST \(Curl.process) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Content-Type: application/json\r\nContent-Length: \(request.utf8.count)\r\n\r\n"
            return try Running(
                "openssl",
                ["s_client", "-connect", "127.0.0.1:\(port)", "-bind", "\(source):0", "-CAfile", authority]
                    + ["-servername", "localhost", "-verify_hostname", "localhost", "-verify_return_error", "-ign_eof"]
                    + [version == "TLSv1.2" ? "-tls1_2" : "-tls1_3"] + options,
                input: head + request
            )
        case .python:
            return try Running(
                "/usr/bin/python3",
                ["-c", PythonClient.script, "--port", "\(port)", "--source", source, "--authority", authority]
                    + ["--version", version == "TLSv1.2" ? "TLSv1_2" : "TLSv1_3", "--timeout", "\(patience)"] + options,
                input: request
            )
        }
    }
}
