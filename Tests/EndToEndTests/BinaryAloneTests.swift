import Foundation
import TestKit
import Testing

/// The binary in a folder with nothing beside it, as a container or a test suite has it.
@Suite("The binary alone", .timeLimit(.minutes(1)))
struct BinaryAloneTests {
    private func start(_ folder: TemporaryFolder, _ arguments: [String]) async throws -> (ChildProcess, String) {
        let ready = folder.path(of: "ready.json")
        let process = try ServerProcess.launch(
            ["--ephemeral", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--ready-file", ready] + arguments,
            directory: folder.path,
            environment: ["TMPDIR": folder.path]
        )
        let object = try await Deadline(in: .seconds(20))
            .wait(for: "ready file") { () -> [String: Any]? in
                if process.poll() != nil { throw TestKitError("it ended: \(process.errors)") }
                return FileManager.default.contents(atPath: ready)
                    .flatMap { try? JSONSerialization.jsonObject(with: $0) as? [String: Any] }
            }
        return (process, try #require(object["admin"] as? String))
    }

    private func run(_ words: String, _ admin: String) async throws -> Command.Result {
        try await Command.run(Repository.binary, words.split(separator: " ").map(String.init) + ["--admin", admin])
    }

    /// It did not start for want of the demo lab, and had neither scenarios nor profiles, without a word why.
    @Test func `it serves the demo lab, and has its scenarios and profiles`() async throws {
        let folder = try TemporaryFolder()
        let (process, admin) = try await start(folder, [])
        #expect(process.errors.contains("registry loaded"))
        #expect(try await run("license list", admin).output.contains("EFTM"))
        #expect(try await run("scenario list", admin).output.contains("expired-license"))
        let fault = try await run("fault add tls.certificate --with profile=expired", admin)
        #expect(fault.status == 0, "\(fault.errors)")
        let scenario = try await run("scenario start expired-license", admin)
        #expect(scenario.status == 0, "\(scenario.errors)")
        let unknown = try await run("scenario start no-such-world", admin)
        #expect(unknown.status == 1)
        #expect(unknown.errors.contains("the binary's own; the setting scenarios names others"), "\(unknown.errors)")
        let profile = try await run("fault add tls.certificate --with profile=no-such-profile", admin)
        #expect(profile.errors.contains("the binary's own; the setting pki.profiles names others"), "\(profile.errors)")
        process.signal(SIGTERM)
        #expect(try await process.wait() == .exited(0))
        #expect(folder.names.isEmpty)
    }

    @Test func `it begins empty where that is asked for`() async throws {
        let folder = try TemporaryFolder()
        let (process, admin) = try await start(folder, ["--registry", "none"])
        #expect(process.errors.contains("registry begins empty"))
        #expect(try await run("device list", admin).errors == "no devices\n")
        process.signal(SIGTERM)
        #expect(try await process.wait() == .exited(0))
    }
}
