import Foundation
import Glibc
import TestKit
import Testing

/// How `serve` ends: by a signal, in good order, and leaving nothing behind.
@Suite("serve, stopping", .serialized, .timeLimit(.minutes(1)))
struct ServeStopTests {
    private static let request = WireMessage.polling(["FTKMOB83F91CD33B"], by: "FGT3HD3915801656")

    /// curl in the middle of an upload: the server has read the head, and the body's beginning is on its way.
    private func beginUpload(to server: ServerProcess) async throws -> ChildProcess {
        let curl = try ChildProcess(
            "curl",
            Curl.manners + ["--cacert", server.authority, "--verbose", "--expect100-timeout", "15"]
                + ["--header", "Expect: 100-continue", "--request", "POST", "--upload-file", "."]
                + [server.url + Curl.process],
            input: .pipe
        )
        try curl.write(String(Self.request.prefix(20)))
        try await Deadline(in: .seconds(20))
            .wait(until: "100 Continue") { curl.errors.contains("< HTTP/1.1 100 Continue") }
        return curl
    }

    /// A TLS connection with nothing under way.
    private func openIdleConnection(to server: ServerProcess) async throws -> ChildProcess {
        let client = try ChildProcess(
            "openssl",
            ["s_client", "-connect", "127.0.0.1:\(server.port)", "-CAfile", server.authority],
            input: .pipe
        )
        try client.write("GET \(Curl.page) HTTP/1.1\r\nHost: localhost\r\n\r\n")
        try await Deadline(in: .seconds(20)).wait(until: "answer") { client.output.contains("</html>") }
        return client
    }

    /// A terminal that closed, or a supervisor's SIGQUIT, ended it at once, and the temporary folder stayed with the
    /// CA's key.
    @Test(
        arguments: [
            (SIGTERM, "SIGTERM"), (SIGINT, "SIGINT"), (SIGHUP, "SIGHUP"), (SIGQUIT, "SIGQUIT"), (SIGPWR, "SIGPWR"),
        ]
    )
    func `a signal ends it with status 0 and leaves nothing behind`(_ signal: Int32, _ name: String) async throws {
        let server = try await ServerProcess.start()
        // Each of these ended it at once, too; they ask nothing of it.
        for meaningless in [SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGIO] { server.process.signal(meaningless) }
        server.process.signal(signal)
        #expect(try await server.process.wait() == .exited(0))
        #expect(server.folder.names.isEmpty, "left behind: \(server.folder.names)")
        #expect(server.log.contains(" notice draining signal=\(name)\n"))
        #expect(server.log.hasSuffix(" notice stopped\n"), "the last line is missing: \(server.log)")
    }

    /// The signal that came before anybody waited for one left the drain without an end: a wait that began after the
    /// loop was aborted was never told.
    @Test func `a signal that comes before it is ready ends it as well`() async throws {
        let folder = try TemporaryFolder()
        for _ in 1...5 {
            let process = try ServerProcess.launch(
                ["--ephemeral", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"]
                    + ["--registry", Repository.demoLab],
                directory: folder.path
            )
            // Signals are held back before the first line is logged.
            try await Deadline(in: .seconds(20)).wait(until: "first line") { !process.errors.isEmpty }
            process.signal(SIGTERM)
            #expect(try await process.wait() == .exited(0), "\(process.errors)")
        }
    }

    @Test func `an exchange under way is finished, and idle connections are closed`() async throws {
        let server = try await ServerProcess.start()
        let idle = try await openIdleConnection(to: server)
        let curl = try await beginUpload(to: server)
        server.process.signal(SIGTERM)
        _ = try await server.logLine(with: "draining")
        // Its closing is what shows that the drain has reached the loops, and well within the grace period.
        try await idle.wait(within: .seconds(4))
        #expect(server.process.poll() == nil, "it ended with an exchange under way")
        let refused = try await Curl(server).run([], path: Curl.page)
        #expect(refused.status == 7, "it still accepts while it drains")
        try curl.write(String(Self.request.dropFirst(20)))
        curl.closeInput()
        #expect(try await curl.wait() == .exited(0), "\(curl.errors)")
        #expect(curl.output.contains("\"license\":\"FTMTRIAL02062407\""))
        #expect(curl.errors.lowercased().contains("< connection: close"))
        #expect(try await server.process.wait() == .exited(0))
        #expect(!server.log.contains("given up"))
    }

    @Test func `a server that drains is not ready`() async throws {
        let server = try await ServerProcess.start()
        let client = try ChildProcess(
            "curl",
            Curl.manners + ["--no-buffer", "telnet://127.0.0.1:\(server.adminPort)"],
            input: .pipe
        )
        let request = "GET /readyz HTTP/1.1\r\nHost: localhost\r\n"
        // One request, and the beginning of another, so that the connection is not idle when the drain begins.
        try client.write(request + "\r\n" + request)
        try await Deadline(in: .seconds(20))
            .wait(until: "answer") { client.output.contains("{\"status\":\"ready\"}\n") }
        server.process.signal(SIGTERM)
        _ = try await server.logLine(with: "draining")
        try client.write("\r\n")
        #expect(try await server.process.wait() == .exited(0))
        client.closeInput()
        try await client.wait()
        #expect(client.output.contains("HTTP/1.1 503 Service Unavailable\r\n"))
        #expect(client.output.hasSuffix("{\"status\":\"not ready\"}\n"))
    }

    @Test func `what does not end within the grace period is given up`() async throws {
        let server = try await ServerProcess.start(environment: ["FAUXGUARD_SHUTDOWNGRACE": "200ms"])
        let curl = try await beginUpload(to: server)
        let begun = ContinuousClock.now
        try await server.terminate()
        #expect(ContinuousClock.now - begun >= .milliseconds(200))
        _ = try await server.logLine(with: " warning connections given up", "connections=1")
        _ = try await server.logLine(with: " connection ", "outcome=shut-down")
        curl.closeInput()
        #expect(try await curl.wait() != .exited(0))
    }

    @Test func `a second signal ends it at once`() async throws {
        let server = try await ServerProcess.start(isEphemeral: true, environment: ["FAUXGUARD_SHUTDOWNGRACE": "1h"])
        #expect(server.folder.names.count == 2, "the ready file and the temporary data folder")
        let curl = try await beginUpload(to: server)
        server.process.signal(SIGTERM)
        _ = try await server.logLine(with: "draining")
        #expect(server.process.poll() == nil)
        server.process.signal(SIGINT)
        #expect(try await server.process.wait(within: .seconds(5)) == .exited(1))
        #expect(server.folder.names.isEmpty, "left behind: \(server.folder.names)")
        curl.closeInput()
        #expect(try await curl.wait() != .exited(0))
    }

    @Test func `an ephemeral server leaves nothing behind`() async throws {
        let server = try await ServerProcess.start(isEphemeral: true)
        #expect(server.ready.data.hasPrefix(server.folder.path + "/"), "the temporary folder is in TMPDIR")
        #expect(server.folder.names.count == 2, "the ready file and the temporary data folder")
        _ = try await Curl(server).post(WireMessage.activation("0F1E-2D3C-4B5A-6978-8796", by: "FGT60FTK20000001"))
        try await server.terminate()
        #expect(server.folder.names.isEmpty, "left behind: \(server.folder.names)")
    }

    @Test func `what a killed server left behind goes with the next one's start`() async throws {
        let killed = try await ServerProcess.start(isEphemeral: true)
        try await killed.kill()
        let left = killed.ready.data
        #expect(FileManager.default.fileExists(atPath: left + "/pki/ca.key"))
        // Of the same name, but nothing shows that a server made it.
        let other = killed.folder.path(of: "fauxguard-\(UUID().uuidString)")
        try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: false)
        try await ServerProcess.serve(isEphemeral: true, environment: ["TMPDIR": killed.folder.path]) { server in
            #expect(!FileManager.default.fileExists(atPath: left))
            #expect(FileManager.default.fileExists(atPath: server.ready.data), "one that lives")
            try await ServerProcess.serve(isEphemeral: true, environment: ["TMPDIR": killed.folder.path]) { _ in
                #expect(FileManager.default.fileExists(atPath: server.ready.data), "one that lives was taken for dead")
            }
        }
        #expect(FileManager.default.fileExists(atPath: other))
    }
}
