import Foundation
import TestKit
import Testing

/// What `serve` says when it is ready: the banner, the ready file, the admin plane.
@Suite("serve, ready", .serialized, .timeLimit(.minutes(1)))
struct ServeReadyTests {
    private func admin(_ server: ServerProcess, _ path: String, _ options: [String] = []) async throws -> String {
        let result = try await Command.run("curl", Curl.manners + ["--include"] + options + [server.ready.admin + path])
        #expect(result.status == 0, "\(result.errors)")
        return result.output
    }

    @Test func `the ready file says where everything is`() async throws {
        let folder = try TemporaryFolder()
        let data = folder.path(of: "data")
        try await ServerProcess.serve(data: data, arguments: ["--seed", "18446744073709551615"]) { server in
            let ready = server.ready
            #expect(ready.pid == server.process.pid)
            #expect(ready.listen == ["127.0.0.1:\(server.port)"])
            #expect(ready.listeners == ["main": "127.0.0.1:\(server.port)"])
            #expect(ready.admin == "http://127.0.0.1:\(server.adminPort)")
            #expect(server.port > 0 && server.adminPort > 0 && server.port != server.adminPort)
            #expect(ready.ca == data + "/pki/ca.pem")
            #expect(ready.data == data)
            #expect(ready.seed == UInt64.max)
            let version = try await Command.run(Repository.binary, ["--version"])
            #expect(version.output == ready.version + "\n")
        }
    }

    @Test func `the ready file holds these keys and no others`() async throws {
        try await ServerProcess.serve { server in
            let object = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: server.readyFile)))
            let keys = try #require(object as? [String: Any]).keys.sorted()
            #expect(keys == ["admin", "ca", "data", "listen", "listeners", "pid", "seed", "version"])
            let names = server.folder.names.filter { $0 != URL(filePath: server.ready.data).lastPathComponent }
            #expect(names == ["ready.json"], "what an atomic write leaves beside it")
        }
    }

    @Test func `the ready file says where the CA's listener is, and its paths mean the same everywhere`() async throws {
        try await ServerProcess.serve(data: "data", arguments: ["--pki", "127.0.0.1:0"]) { server in
            let pki = try #require(server.ready.pki)
            let authority = try await Command.run("curl", Curl.manners + [pki + "/ca.pem"])
            #expect(authority.output == (try String(contentsOfFile: server.ready.ca, encoding: .utf8)))
            #expect(server.ready.data == server.folder.path(of: "data"))
            #expect(server.ready.ca == server.folder.path(of: "data/pki/ca.pem"))
        }
    }

    /// A script that waited for the file read where an earlier server had been, and waited for ever for one that could
    /// not be written while the server served.
    @Test func `a stale ready file goes at the start, and none that can't be written lets it serve`() async throws {
        let folder = try TemporaryFolder()
        let stale = try folder.write("{}", to: "ready.json")
        let working = ["--ephemeral", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"]
        let environment = ["TMPDIR": folder.path]
        func refusal(_ arguments: [String]) async throws -> String {
            let process = try ServerProcess.launch(
                working + arguments,
                directory: folder.path,
                environment: environment
            )
            #expect(try await process.wait() == .exited(1))
            #expect(process.output.isEmpty, "it was ready: \(process.output)")
            return process.errors
        }
        let failed = try await refusal(["--ready-file", stale, "--registry", "/nowhere.yaml"])
        #expect(failed.contains("/nowhere.yaml"))
        #expect(folder.names.isEmpty, "left behind: \(folder.names)")
        for (path, reason) in [
            ("/nowhere/ready.json", "No such file or directory"), (folder.path, "Is a directory"),
        ] {
            #expect(
                try await refusal(["--ready-file", path])
                    == "fauxguard: --ready-file: readyFile: create \(path): \(reason)\n"
            )
        }
        // One of which nothing can be told before it is written.
        let late = try ServerProcess.launch(
            working + ["--registry", Repository.demoLab, "--ready-file", "/dev/full"],
            directory: folder.path,
            environment: environment
        )
        #expect(try await late.wait() == .exited(1))
        #expect(
            late.errors.hasSuffix("\nfauxguard: --ready-file: readyFile: write /dev/full: No space left on device\n"),
            "\(late.errors)"
        )
        #expect(folder.names.isEmpty, "left behind: \(folder.names)")
    }

    /// A start that failed took the file of a server that ran.
    @Test(arguments: [["--no-such-option"], ["--listen", "zz"]])
    func `the ready file of a server that runs stays where another start fails`(arguments: [String]) async throws {
        let folder = try TemporaryFolder()
        try await ServerProcess.serve { server in
            let other = try ServerProcess.launch(
                ["--ready-file", server.readyFile] + arguments,
                directory: folder.path
            )
            #expect(try await other.wait() == .exited(64))
            #expect(FileManager.default.fileExists(atPath: server.readyFile))
        }
    }

    // Defect: a start that failed before its settings were whole left the file of an earlier run, which who waits for
    // the server took for its own.
    @Test(
        arguments: [
            (["--config", "/nowhere.yaml"], 1), (["--config", "bad.yaml"], 1), (["--log-level", "nope"], 64),
            (["--listen", "zz"], 64), (["--no-such-option"], 64), (["--seed"], 64), (["surplus"], 64),
        ] as [([String], Int32)]
    )
    func `a stale ready file goes as well where the start fails early`(arguments: [String], status: Int32) async throws
    {
        for way in ["flag", "environment", "file"] {
            // A file that can't be read names nothing.
            if way == "file", arguments.count == 1 || arguments[0] == "--config" { continue }
            let folder = try TemporaryFolder()
            let stale = try folder.write("{}", to: "ready.json")
            _ = try folder.write("nonsense: [", to: "bad.yaml")
            let names = try folder.write("readyFile: \(stale)\n", to: "names.yaml")
            let flags = ["flag": ["--ready-file", stale], "file": ["--config", names]]
            let process = try ServerProcess.launch(
                (flags[way] ?? []) + arguments,
                directory: folder.path,
                environment: way == "environment" ? ["FAUXGUARD_READYFILE": stale] : [:]
            )
            #expect(try await process.wait() == .exited(status), "\(way): \(process.errors)")
            #expect(!folder.names.contains("ready.json"), "\(way): left behind")
        }
    }

    @Test(arguments: ["--help", "--help-settings", "--version"])
    func `who asks for help alone keeps the ready file of the server that runs`(word: String) async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("{}", to: "ready.json")
        let process = try ServerProcess.launch([word, "--ready-file", file], directory: folder.path)
        #expect(try await process.wait() == .exited(0))
        #expect(folder.names == ["ready.json"])
    }

    @Test func `a ready file that is another server's by now stays`() async throws {
        let server = try await ServerProcess.start()
        try Data("{}".utf8).write(to: URL(filePath: server.readyFile), options: .atomic)
        try await server.terminate()
        #expect(server.folder.names == ["ready.json"])
    }

    @Test func `several listeners have their names and serve the same lab`() async throws {
        let more = ["--listen", "tests=127.0.0.1:0,lab=default", "--listen", "127.0.0.1:0"]
        try await ServerProcess.serve(arguments: more) { server in
            #expect(server.ready.listeners.keys.sorted() == ["listener-3", "main", "tests"])
            #expect(Set(server.ready.listeners.values) == Set(server.ready.listen))
            for address in server.ready.listen {
                let port = try #require(address.split(separator: ":").last)
                let result = try await Command.run(
                    "curl",
                    Curl.manners + ["--cacert", server.authority, "--output", "/dev/null"]
                        + ["--write-out", "%{http_code}", "https://localhost:\(port)\(Curl.page)"]
                )
                #expect(result.output == "200", "\(result.errors)")
            }
        }
    }

    @Test func `the banner shows URLs, CA, fingerprint and seed`() async throws {
        try await ServerProcess.serve(arguments: ["--seed", "77"]) { server in
            let banner = server.process.output
            #expect(banner.contains("LAB"))
            #expect(banner.contains("https://127.0.0.1:\(server.port)  (main)\n"))
            #expect(banner.contains("\(server.ready.admin)\n"))
            #expect(banner.contains("\(server.authority)\n"))
            #expect(banner.contains("seed       77\n"))
            let printed = try await Command.run(
                "openssl",
                ["x509", "-in", server.authority, "-noout", "-fingerprint", "-sha256"]
            )
            let fingerprint = try #require(printed.output.split(separator: "=").last)
                .replacing(":", with: "").trimmingCharacters(in: .whitespacesAndNewlines).lowercased()
            #expect(banner.contains("SHA-256 \(fingerprint)\n"))
        }
    }

    @Test func `the admin plane says that it lives and is ready`() async throws {
        try await ServerProcess.serve { server in
            #expect(try await admin(server, "/healthz").hasSuffix("\r\n\r\n{\"status\":\"alive\"}\n"))
            let ready = try await admin(server, "/readyz")
            #expect(ready.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(ready.hasSuffix("\r\n\r\n{\"status\":\"ready\"}\n"))
            #expect(try await admin(server, "/api/v1/nothing").hasPrefix("HTTP/1.1 404 "))
            let posted = try await admin(server, "/healthz", ["--request", "POST"])
            #expect(posted.hasPrefix("HTTP/1.1 405 "))
            #expect(posted.contains("\r\nAllow: GET, HEAD\r\n"))
        }
    }

    @Test func `off loopback the admin plane speaks TLS and wants its token`() async throws {
        let folder = try TemporaryFolder()
        let token = "an-admin-token-of-a-test"
        let file = try folder.write(token + "\n", to: "token")
        // Every address of this machine is off loopback for the rule; the test itself stays on loopback.
        let arguments = ["--admin", "0.0.0.0:0", "--admin-token-file", file]
        try await ServerProcess.serve(arguments: arguments) { server in
            #expect(server.ready.admin.hasPrefix("https://0.0.0.0:"))
            let url = "https://localhost:\(server.adminPort)/healthz"
            let call = Curl.manners + ["--cacert", server.authority, "--include", url]
            let refused = try await Command.run("curl", call)
            #expect(refused.output.hasPrefix("HTTP/1.1 401 "), "\(refused.errors)")
            #expect(refused.output.contains("\r\nWWW-Authenticate: Bearer\r\n"))
            let wrong = try await Command.run("curl", call + ["--header", "Authorization: Bearer \(token)x"])
            #expect(wrong.output.hasPrefix("HTTP/1.1 401 "))
            let welcome = try await Command.run("curl", call + ["--header", "Authorization: Bearer \(token)"])
            #expect(welcome.output.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(!server.log.contains(token))
        }
    }
}
