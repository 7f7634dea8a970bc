import Foundation
import TestKit
import Testing

/// What `serve` logs, and what it never does.
@Suite("serve, log", .serialized, .timeLimit(.minutes(1)))
struct ServeLogTests {
    /// Lets a code be redeemed, a token provisioned and claimed, and returns every secret that was on the way.
    private func useSecrets(on server: ServerProcess) async throws -> [String] {
        let curl = Curl(server)
        let redemption = "0F1E-2D3C-4B5A-6978-8796"
        let serial = "FGT60FTK20000001"
        let phone = "5AD4C27E90B1F368"
        let granted = try await curl.post(WireMessage.activation(redemption, by: serial)).body
        let token = try #require(WireMessage.values(of: "token", in: granted).first)
        let provisioned = try await curl.post(WireMessage.provision([token], by: serial)).body
        let code = try #require(WireMessage.values(of: "token_activation_code", in: provisioned).first)
        let digits = WireMessage.digits(ofActivationCode: code)
        let claimed = try await curl.post(WireMessage.mobile(digits, phone: phone), to: Curl.mobile).body
        let sealed = try #require(WireMessage.values(of: "seed", in: claimed).first)
        // Where a secret is the very thing that is wrong with a request.
        let wrong = "0F1E2D3C4B5A69788796"
        _ = try await curl.post(WireMessage.activation(wrong, by: serial))
        _ = try await curl.post(WireMessage.provision([token], by: serial, seed: WireMessage.seed + "00"))
        _ = try await curl.post(WireMessage.mobile(digits, phone: "FEDCBA9876543210"), to: Curl.mobile)
        _ = try await curl.post("{\"d\":{\"seed\":\"\(WireMessage.seed)\" \(redemption)")
        _ = try await curl.post(WireMessage.mobile(digits), to: Curl.process)
        return [redemption, wrong, WireMessage.seed, code, digits, sealed, phone]
    }

    @Test(arguments: ["text", "json"])
    func `no seed and no code is ever logged`(_ format: String) async throws {
        var secrets: [String] = []
        let server = try await ServerProcess.start(arguments: ["--log-level", "trace", "--log-format", format])
        secrets = try await useSecrets(on: server)
        try await server.terminate()
        let log = server.log.lowercased()
        #expect(log.contains("provisionrequest"), "the exchanges themselves are logged")
        for secret in secrets {
            #expect(!log.contains(secret.lowercased()), "\(secret) is in the log:\n\(log)")
            #expect(!server.process.output.replacing("0F1E-2D3C-4B5A-6978-8796", with: "").contains(secret))
        }
    }

    @Test func `every JSON line is one object with time, level and message`() async throws {
        let server = try await ServerProcess.start(arguments: ["--log-level", "trace", "--log-format", "json"])
        _ = try await useSecrets(on: server)
        // A peer chooses these bytes.
        _ = try await Curl(server).reply(to: ["--path-as-is"], path: "/%22%5C\"quoted\"")
        _ = try await Command.run("curl", Curl.manners + [server.url + Curl.page])
        try await server.terminate()
        let lines = server.log.split(separator: "\n")
        #expect(lines.count > 20)
        for line in lines {
            let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            let fields = try #require(object, "this line is no JSON object: \(line)")
            for name in ["time", "level", "message"] {
                #expect(fields[name] is String, "\(name) is missing in \(line)")
            }
        }
    }

    // A field report: each request made two lines, and whoever looked at the lab made more.
    @Test func `a request is one line, and who drives the lab makes none`() async throws {
        let server = try await ServerProcess.start()
        _ = try await AdminPlane(server).get(AdminPlane.lab())
        _ = try await Curl(server).post(WireMessage.activation("FFFF-0000-FFFF-0000-FFFF", by: "FGT60FTK20000001"))
        try await server.terminate()
        let lines = server.log.split(separator: "\n").filter { !$0.contains(" notice ") }
        #expect(lines.count == 1, "\(server.log)")
        // The moment with its zone, then what a reader asks for first.
        let form =
            /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z info exchange outcome=refused code=16 status=200 serial=FGT60FTK20000001 type=ActivationLicenseRequest client=127\.0\.0\.1 .*/
        #expect(lines.first?.wholeMatch(of: form) != nil, "\(server.log)")
    }

    // A field report: status, code and durations were texts, so that no tool could compare them.
    @Test func `a number is a number in JSON`() async throws {
        let server = try await ServerProcess.start(arguments: ["--log-format", "json"])
        _ = try await Curl(server).post(WireMessage.activation("FFFF-0000-FFFF-0000-FFFF", by: "FGT60FTK20000001"))
        try await server.terminate()
        let line = try #require(server.log.split(separator: "\n").first { $0.contains("\"exchange\"") })
        let fields = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        #expect(fields["status"] as? Int == 200 && fields["code"] as? Int == 16)
        #expect((fields["durationMs"] as? Double).map { $0 > 0 && $0 < 60_000 } == true)
        #expect(fields["serial"] as? String == "FGT60FTK20000001")
        #expect((fields["time"] as? String)?.hasSuffix("Z") == true)
    }

    @Test func `an exchange and its connection are one line each for those who want to know`() async throws {
        try await ServerProcess.serve(arguments: ["--log-level", "debug"]) { server in
            _ = try await Curl(server).post(WireMessage.activation("FFFF-0000-FFFF-0000-FFFF", by: "FGT60FTK20000001"))
            let exchange = try await server.logLine(with: " info exchange ")
            for field in [
                "code=16", "method=POST", "path=\(Curl.process)", "serial=FGT60FTK20000001", "status=200",
                "type=ActivationLicenseRequest",
            ] { #expect(exchange.contains(" \(field)"), "\(field) is missing in \(exchange)") }
            let connection = try await server.logLine(with: " debug connection ", "listener=main")
            for field in [
                "client=127.0.0.1", "exchanges=1", "lab=default", "listener=main", "outcome=closed", "sni=localhost",
                "tls=TLSv1.3",
            ] { #expect(connection.contains(" \(field)"), "\(field) is missing in \(connection)") }
            let number = try #require(connection.split(separator: " ").first { $0.hasPrefix("connection=") })
            #expect(exchange.split(separator: " ").contains(number), "\(number) is missing in \(exchange)")
        }
    }

    @Test func `a quiet level keeps the daily round out`() async throws {
        let server = try await ServerProcess.start(arguments: ["--log-level", "notice"])
        _ = try await Curl(server).reply(to: [], path: Curl.page)
        try await server.terminate()
        #expect(!server.log.contains(" info "))
        #expect(server.log.contains(" notice stopped\n"))
    }
}
