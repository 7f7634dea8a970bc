import Foundation
import TestKit
import Testing

/// TLS as the data plane speaks it, seen by curl and by `openssl`.
@Suite("TLS over the wire", .serialized, .timeLimit(.minutes(1)))
struct WireTLSTests {
    /// Runs `openssl s_client` against the server and returns everything it printed.
    private func connect(to server: ServerProcess, _ options: [String]) async throws -> String {
        let result = try await Command.run(
            "openssl",
            ["s_client", "-connect", "127.0.0.1:\(server.port)", "-CAfile", server.authority] + options,
            input: ""
        )
        return result.output + result.errors
    }

    /// Sends bytes without TLS, written as `printf` takes them, and returns what came back.
    private func sendInClear(_ text: String, to server: ServerProcess) async throws -> [UInt8] {
        let script = "exec 3<>/dev/tcp/127.0.0.1/\(server.port); printf '\(text)' >&3; cat <&3"
        return try await Command.run("bash", ["-c", script]).bytes
    }

    private func expectAnswer(from server: ServerProcess) async throws {
        #expect(try await Curl(server).reply(to: [], path: Curl.page).status == 200)
    }

    @Test(arguments: ["1.2", "1.3"])
    func `a version is spoken, and http/1.1 chosen by ALPN`(_ version: String) async throws {
        try await ServerProcess.serve(arguments: ["--log-level", "debug"]) { server in
            let result = try await Curl(server)
                .run(
                    ["--verbose", "--tlsv\(version)", "--tls-max", version],
                    path: Curl.page
                )
            #expect(result.status == 0)
            #expect(result.errors.contains("SSL connection using TLSv\(version) / "))
            #expect(result.errors.contains("ALPN: server accepted http/1.1"))
            #expect(result.errors.contains("SSL certificate verify ok"))
            let line = try await server.logLine(with: " connection ", "tls=TLSv\(version)", "alpn=http/1.1")
            #expect(line.contains("outcome=closed"))
        }
    }

    @Test(arguments: ["1.0", "1.1"])
    func `an old version is refused by name`(_ version: String) async throws {
        try await ServerProcess.serve { server in
            let old = ["--tlsv1.0", "--tls-max", version, "--ciphers", "DEFAULT@SECLEVEL=0"]
            let result = try await Curl(server).run(old, path: Curl.page)
            #expect(result.status == 35)
            let line = try await server.logLine(with: " connection ", "alert=protocol_version")
            #expect(line.contains("alert.direction=sent"))
            #expect(line.contains("outcome=handshake-failed"))
            #expect(line.contains(" notice "))
            try await expectAnswer(from: server)
        }
    }

    @Test func `a client that trusts another authority says so, and the log names it`() async throws {
        try await ServerProcess.serve { server in
            let result = try await Command.run("curl", Curl.manners + [server.url + Curl.page])
            #expect(result.status == 60)
            let line = try await server.logLine(with: " connection ", "alert=unknown_ca")
            #expect(line.contains("alert.direction=received"))
            #expect(line.contains("outcome=handshake-failed"))
            #expect(line.contains("sni=localhost"))
            try await expectAnswer(from: server)
        }
    }

    @Test(
        arguments: [
            "localhost", "globalftm.fortinet.net", "fortitokenmobile.fortinet.com",
        ]
    )
    func `the presented chain verifies for every name`(_ name: String) async throws {
        try await ServerProcess.serve { server in
            let output = try await connect(
                to: server,
                ["-showcerts", "-servername", name, "-verify_hostname", name, "-verify_return_error"]
            )
            #expect(output.contains("Verify return code: 0 (ok)"), "\(output)")
            let folder = try TemporaryFolder()
            let begin = "-----BEGIN CERTIFICATE-----"
            let certificates = output.split(separator: begin).dropFirst()
                .map { part in
                    begin + part.prefix { $0 != "-" } + "-----END CERTIFICATE-----\n"
                }
            #expect(certificates.count >= 2, "the leaf and what leads to the root")
            let verified = try await Command.run(
                "openssl",
                ["verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", server.authority]
                    + ["-untrusted", try folder.write(certificates.dropFirst().joined(), to: "chain.pem")]
                    + [try folder.write(certificates[0], to: "leaf.pem")]
            )
            #expect(verified.status == 0, "\(verified.errors)")
        }
    }

    @Test func `another name is not in the certificate`() async throws {
        try await ServerProcess.serve { server in
            let output = try await connect(
                to: server,
                ["-servername", "example.com", "-verify_hostname", "example.com"]
            )
            #expect(output.contains("Verify return code: 62"), "\(output)")
        }
    }

    @Test func `a further name of the settings is in the certificate`() async throws {
        try await ServerProcess.serve(environment: ["FAUXGUARD_PKI_NAMES": "ftm.example.org 192.0.2.7"]) { server in
            for options in [["-verify_hostname", "ftm.example.org"], ["-verify_ip", "192.0.2.7"]] {
                let output = try await connect(to: server, options)
                #expect(output.contains("Verify return code: 0 (ok)"), "\(output)")
            }
        }
    }

    @Test(arguments: ["-tls1_2", "-tls1_3"])
    func `a session is resumed`(_ version: String) async throws {
        try await ServerProcess.serve(arguments: ["--log-level", "debug"]) { server in
            let folder = try TemporaryFolder()
            let session = folder.path(of: "session.pem")
            let request = "GET \(Curl.page) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            for option in ["-sess_out", "-sess_in"] {
                let result = try await Command.run(
                    "openssl",
                    ["s_client", "-connect", "127.0.0.1:\(server.port)", "-CAfile", server.authority]
                        + [version, "-ign_eof", option, session],
                    input: request
                )
                #expect(result.output.contains(option == "-sess_in" ? "Reused, TLSv" : "New, TLSv"))
            }
            _ = try await server.logLine(with: " connection ", "resumed=true", "exchanges=1")
        }
    }

    @Test func `plain HTTP is told that this port speaks HTTPS`() async throws {
        try await ServerProcess.serve { server in
            let url = "http://localhost:\(server.port)\(Curl.page)"
            let result = try await Command.run("curl", Curl.manners + ["--include", url])
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
            #expect(result.output.hasSuffix("{\"error\":\"this port speaks HTTPS\"}\n"))
            _ = try await server.logLine(with: " connection ", "outcome=not-tls", "plain HTTP instead of TLS")
            try await expectAnswer(from: server)
        }
    }

    @Test(
        arguments: [
            (#"SSH-2.0-client\r\n"#, "SSH instead of TLS"),
            (#"\000\001\002\003\004\005\006\007"#, "something unknown instead of TLS"),
        ]
    )
    func `what is no TLS gets an alert and a line that says what it was`(_ text: String, _ words: String) async throws {
        try await ServerProcess.serve { server in
            // RFC 8446 section 6: an alert record, fatal, unexpected_message.
            #expect(try await sendInClear(text, to: server) == [0x15, 3, 3, 0, 2, 2, 10])
            _ = try await server.logLine(with: " notice ", "outcome=not-tls", words)
            try await expectAnswer(from: server)
        }
    }

    @Test func `a client that offers only h2 is told that it is not spoken`() async throws {
        try await ServerProcess.serve { server in
            let output = try await connect(to: server, ["-alpn", "h2"])
            #expect(output.contains("alert no application protocol"), "\(output)")
            let line = try await server.logLine(with: " connection ", "alert=no_application_protocol")
            #expect(line.contains("alert.direction=sent"))
            let both = try await connect(to: server, ["-alpn", "h2,http/1.1"])
            #expect(both.contains("ALPN protocol: http/1.1"), "\(both)")
        }
    }
}
