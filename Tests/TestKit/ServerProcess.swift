import Foundation
import Glibc

/// The built `fauxguard serve`, on free ports of the loopback interface.
package final class ServerProcess: Sendable {
    /// What the ready file says; its keys are a contract with scripts.
    package struct Ready: Decodable, Sendable {
        /// The server's process.
        package let pid: Int32
        /// The server's version.
        package let version: String
        /// The addresses of the data plane, in the order of the listeners.
        package let listen: [String]
        /// The same by their names.
        package let listeners: [String: String]
        /// The admin plane's URL.
        package let admin: String
        /// The URL of the CA's listener, where there is one.
        package let pki: String?
        /// The lab CA's file.
        package let ca: String
        /// The data folder.
        package let data: String
        /// The seed of the lab's chance.
        package let seed: UInt64
    }

    /// What the server said when it was ready.
    package let ready: Ready
    /// The process itself.
    package let process: ChildProcess
    /// The folder that it runs in, and that holds the ready file.
    package let folder: TemporaryFolder
    /// The data folder, where no other was given.
    private let data: TemporaryFolder?

    /// Starts a server and waits until every listener accepts.
    ///
    /// Without `data` it has a data folder that goes with the test, and ``MintedCertificates``; where it is to be
    /// ephemeral it mints its own. `registry` is the demo lab where none is given. Further `arguments` come last. A
    /// `wrapper` is a command that runs the server, such as a tracer. Throws with the server's own words where it does
    /// not become ready.
    package static func start(
        data: String? = nil,
        isEphemeral: Bool = false,
        registry: String = Repository.demoLab,
        listen: String = "127.0.0.1:0",
        arguments: [String] = [],
        environment: [String: String] = [:],
        under wrapper: [String] = [],
        within time: Duration = .seconds(30)
    ) async throws -> ServerProcess {
        let folder = try TemporaryFolder()
        let readyFile = folder.path(of: readyName)
        let own = data == nil && !isEphemeral ? try TemporaryFolder() : nil
        if let own { try MintedCertificates.put(into: own) }
        let place = isEphemeral ? ["--ephemeral"] : ["--data", data ?? own?.path ?? ""]
        let process = try launch(
            place + ["--registry", registry, "--listen", listen, "--admin", "127.0.0.1:0"]
                + ["--ready-file", readyFile] + arguments,
            directory: folder.path,
            // What a killed server leaves behind goes with the folder.
            environment: ["TMPDIR": folder.path].merging(environment) { $1 },
            under: wrapper
        )
        do {
            let ready: Ready = try await Deadline(in: time)
                .wait(for: "ready server") {
                    if let exit = process.poll() { throw TestKitError("the server ended: \(exit)") }
                    guard let text = FileManager.default.contents(atPath: readyFile) else { return nil }
                    return try JSONDecoder().decode(Ready.self, from: text)
                }
            return ServerProcess(ready: ready, process: process, folder: folder, data: own)
        } catch {
            process.signal(SIGKILL)
            throw TestKitError("\(error); its log:\n\(process.errors)")
        }
    }

    /// Starts a server, runs `body` with it, and demands that SIGTERM then ends it with exit status 0.
    ///
    /// Its data folder is as ``start(data:isEphemeral:registry:listen:arguments:environment:under:within:)`` has it.
    package static func serve(
        data: String? = nil,
        isEphemeral: Bool = false,
        registry: String = Repository.demoLab,
        listen: String = "127.0.0.1:0",
        arguments: [String] = [],
        environment: [String: String] = [:],
        _ body: (ServerProcess) async throws -> Void
    ) async throws {
        let server = try await start(
            data: data,
            isEphemeral: isEphemeral,
            registry: registry,
            listen: listen,
            arguments: arguments,
            environment: environment
        )
        try await body(server)
        try await server.terminate()
    }

    /// Starts `fauxguard serve` with these arguments alone, waiting for nothing: for starts that are to fail.
    ///
    /// No setting of the surroundings leaks in: neither `FAUXGUARD_` variables nor, where `directory` is an empty one,
    /// a configuration file.
    package static func launch(
        _ arguments: [String],
        directory: String,
        environment: [String: String] = [:],
        under wrapper: [String] = []
    ) throws -> ChildProcess {
        let environment = ProcessInfo.processInfo.environment
            .filter { !$0.key.hasPrefix("FAUXGUARD_") }
            .merging(environment) { $1 }
        let command = wrapper + [Repository.binary, "serve"] + arguments
        return try ChildProcess(
            command[0],
            Array(command.dropFirst()),
            directory: directory,
            environment: environment
        )
    }

    private init(ready: Ready, process: ChildProcess, folder: TemporaryFolder, data: TemporaryFolder?) {
        self.ready = ready
        self.process = process
        self.folder = folder
        self.data = data
    }

    /// The first data-plane listener's port.
    package var port: Int { ready.listen.first.flatMap(Self.port) ?? 0 }
    /// The admin plane's port.
    package var adminPort: Int { Self.port(of: ready.admin) ?? 0 }
    /// The lab CA's file.
    package var authority: String { ready.ca }
    /// The data plane's URL, under a name that the server's certificate carries.
    package var url: String { "https://localhost:\(port)" }
    /// Every log line so far.
    package var log: String { process.errors }

    /// The ready file.
    package var readyFile: String { folder.path(of: Self.readyName) }

    private static let readyName = "ready.json"

    private static func port(of address: String) -> Int? {
        address.split(separator: ":").last.flatMap { Int($0) }
    }

    /// Waits for a log line that holds every one of `parts`, and returns it.
    package func logLine(with parts: String..., within time: Duration = .seconds(10)) async throws -> String {
        do {
            return try await Deadline(in: time)
                .wait(for: "log line with \(parts)") {
                    log.split(separator: "\n").map(String.init).first { line in parts.allSatisfy(line.contains) }
                }
        } catch {
            throw TestKitError("\(error); the log:\n\(log)")
        }
    }

    /// Sends SIGTERM, waits for the end, and throws unless that is exit status 0.
    package func terminate(within time: Duration = .seconds(20)) async throws {
        process.signal(SIGTERM)
        let exit = try await process.wait(within: time)
        guard exit == .exited(0) else { throw TestKitError("SIGTERM ended the server as \(exit); its log:\n\(log)") }
    }

    /// Ends it at once with SIGKILL, as a power cut would, and waits until it is gone.
    package func kill() async throws {
        process.signal(SIGKILL)
        try await process.wait()
    }
}
