import Foundation
import TestKit
import Testing

/// The `--pki` listener: the lab CA, lists of what was revoked and OCSP, to anyone, and nothing else.
@Suite("serve, the CA's listener", .timeLimit(.minutes(1)))
struct ServeAuthorityTests {
    private func serve(_ body: (_ server: ServerProcess, _ base: String) async throws -> Void) async throws {
        try await ServerProcess.serve(arguments: ["--pki", "127.0.0.1:0"]) { server in
            try await body(server, try server.authorityListener())
        }
    }

    private func curl(_ arguments: [String]) async throws -> Command.Result {
        let result = try await Command.run("curl", Curl.manners + arguments)
        try #require(result.status == 0, "\(result.errors)")
        return result
    }

    private func openssl(_ arguments: [String]) async throws -> Command.Result {
        try await Command.run("openssl", arguments)
    }

    /// Writes a request about the server's certificate, and answers its path.
    private func request(_ server: ServerProcess, in folder: TemporaryFolder) async throws -> String {
        let path = folder.path(of: "request.der")
        let made = try await openssl(
            ["ocsp", "-issuer", server.certificateFile("service.pem"), "-cert", server.certificateFile("server.pem")]
                + ["-reqout", path]
        )
        try #require(made.status == 0, "\(made.errors)")
        return path
    }

    @Test func `the CA comes in PEM and in DER, and is the one that the server's chain ends in`() async throws {
        try await serve { server, base in
            let pem = try await curl([base + "/ca.pem"])
            #expect(try pem.bytes == Array(Data(contentsOf: URL(filePath: server.authority))))
            let der = try await curl([base + "/ca.crt"])
            let folder = try TemporaryFolder()
            let file = folder.path(of: "ca.crt")
            try Data(der.bytes).write(to: URL(filePath: file))
            let converted = try await openssl(["x509", "-inform", "DER", "-in", file])
            #expect(converted.status == 0, "\(converted.errors)")
            #expect(pem.output.hasPrefix(converted.output), "the first of the file")
        }
    }

    @Test func `the lists are in force, in both forms, and the server's chain stands beside them`() async throws {
        try await serve { server, base in
            let folder = try TemporaryFolder()
            var lists: [String] = []
            for (name, issuer) in [("root", "ca"), ("service", "service"), ("device", "device")] {
                let list = folder.path(of: "\(name).crl")
                try Data(try await curl([base + "/\(name).crl"]).bytes).write(to: URL(filePath: list))
                let issuer = server.certificateFile("\(issuer).pem")
                let verdict = try await openssl(["crl", "-inform", "DER", "-in", list, "-CAfile", issuer])
                #expect(verdict.errors.contains("verify OK"), "\(verdict.errors)")
                let pem = try await curl([base + "/\(name).crl.pem"]).output
                #expect(verdict.output == pem)
                lists.append(pem)
            }
            let all = try folder.write(lists.joined(), to: "all.pem")
            let chain = server.certificateFile("server.pem")
            for check in ["-crl_check", "-crl_check_all"] {
                let verdict = try await openssl(
                    ["verify", check, "-CRLfile", all, "-CAfile", server.authority, "-untrusted", chain, chain]
                )
                #expect(verdict.status == 0, "\(verdict.errors)")
            }
        }
    }

    @Test(arguments: ["-nonce", "-no_nonce"])
    func `OpenSSL asks by OCSP and is satisfied`(nonce: String) async throws {
        try await serve { server, base in
            let verdict = try await openssl(
                ["ocsp", nonce, "-url", base + "/ocsp", "-CAfile", server.authority]
                    + ["-issuer", server.certificateFile("service.pem"), "-cert", server.certificateFile("server.pem")]
                    + ["-serial", "0x1234"]
            )
            #expect(verdict.errors.contains("Response verify OK"), "\(verdict.errors)")
            // Says what is wrong with a nonce, too.
            #expect(!verdict.errors.lowercased().contains("nonce"), "\(verdict.errors)")
            #expect(verdict.output.contains("server.pem: good\n"), "\(verdict.output)")
            #expect(verdict.output.contains("0x1234: unknown\n"), "\(verdict.output)")
        }
    }

    @Test func `a GET with the request in its path has the same answer as a POST`() async throws {
        try await serve { server, base in
            let folder = try TemporaryFolder()
            let path = try await request(server, in: folder)
            let text = try Data(contentsOf: URL(filePath: path)).base64EncodedString()
            let escaped = text.replacing("/", with: "%2F").replacing("+", with: "%2b").replacing("=", with: "%3D")
            for form in [text, escaped, text.replacing("=", with: "")] {
                let answer = folder.path(of: "answer.der")
                let reply = try await curl([
                    "--output", answer, "--write-out", "%{content_type}", base + "/ocsp/" + form,
                ])
                #expect(reply.output == "application/ocsp-response")
                let verdict = try await openssl(
                    ["ocsp", "-respin", answer, "-no_nonce", "-CAfile", server.authority]
                        + [
                            "-issuer", server.certificateFile("service.pem"), "-cert",
                            server.certificateFile("server.pem"),
                        ]
                )
                #expect(verdict.output.contains("server.pem: good\n"), "\(form): \(verdict.errors)")
            }
        }
    }

    @Test func `a body that is no request is answered as malformed, and the listener goes on`() async throws {
        try await serve { server, base in
            let folder = try TemporaryFolder()
            let path = try await request(server, in: folder)
            let whole = Array(try Data(contentsOf: URL(filePath: path)))
            let type = ["--header", "Content-Type: application/ocsp-request"]
            for body in [[], [0x30], Array(whole.dropLast()), whole + [0], [UInt8](repeating: 0xFF, count: 8192)] {
                let file = folder.path(of: "body.der")
                try Data(body).write(to: URL(filePath: file))
                let answer = try await curl(type + ["--data-binary", "@\(file)", base + "/ocsp"])
                #expect(answer.bytes == [0x30, 0x03, 0x0A, 0x01, 0x01], "\(body.count) bytes")
            }
            let large = try folder.write(String(repeating: "x", count: 8193), to: "large")
            let refused = try await curl(
                type + ["--data-binary", "@\(large)", "--write-out", "%{http_code}", base + "/ocsp"]
            )
            #expect(refused.output.hasSuffix("413"))
            #expect(try await curl([base + "/ca.pem"]).output.contains("BEGIN CERTIFICATE"))
        }
    }

    @Test func `on a port that is known before, the server's certificate says where to ask`() async throws {
        let folder = try TemporaryFolder()
        var known = ""
        // The kernel chooses one, which a second start then asks for.
        try await ServerProcess.serve(data: folder.path(of: "data"), arguments: ["--pki", "127.0.0.1:0"]) { server in
            known = String(try server.authorityListener().dropFirst("http://".count))
        }
        try await ServerProcess.serve(data: folder.path(of: "data"), arguments: ["--pki", known]) { server in
            #expect(server.log.contains("the address of the pki listener changed"))
            let text = try await openssl(["x509", "-noout", "-text", "-in", server.certificateFile("server.pem")])
                .output
            let base = try server.authorityListener()
            #expect(base == "http://\(known)")
            #expect(text.contains("URI:\(base)/service.crl\n"), "\(text)")
            let asked = try await openssl(["x509", "-noout", "-ocsp_uri", "-in", server.certificateFile("server.pem")])
                .output
            let verdict = try await openssl(
                ["ocsp", "-url", asked.trimmingCharacters(in: .newlines), "-CAfile", server.authority]
                    + ["-issuer", server.certificateFile("service.pem"), "-cert", server.certificateFile("server.pem")]
            )
            #expect(verdict.output.contains("server.pem: good\n"), "\(verdict.errors)")
        }
    }

    @Test func `without the flag there is no such listener, and the certificate names none`() async throws {
        try await ServerProcess.serve { server in
            #expect(!server.process.output.contains("/ca.crt"))
            let text = try await openssl(["x509", "-noout", "-text", "-in", server.certificateFile("server.pem")])
                .output
            #expect(!text.contains("URI:"))
        }
    }
}
