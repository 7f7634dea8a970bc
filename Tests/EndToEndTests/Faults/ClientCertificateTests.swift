import Foundation
import TestKit
import Testing

/// Mutual TLS as a rule asks for it, met by curl.
@Suite("Client certificates", .timeLimit(.minutes(1)))
struct ClientCertificateTests {
    private static let serial = "FGT3HD3915801656"
    private static let faults = AdminPlane.lab() + "/faults"

    /// A device's certificate and key, as files.
    private static func device(_ serial: String, _ admin: AdminPlane, _ folder: borrowing TemporaryFolder) async throws
        -> [String]
    {
        let made = try await admin.post("/api/v1/pki/devices/\(serial)", #"{"format":"pem"}"#)
        try #require(made.status < 300, "\(made.text)")
        return ["--cert", try folder.write(made.text, to: "\(serial).pem")]
    }

    @Test(arguments: ["1.2", "1.3"])
    func `a client without a certificate, or with a stranger's, is refused, and a device's own is served`(
        version: String
    ) async throws {
        try await ServerProcess.serve { server in
            let (admin, folder) = (AdminPlane(server), try TemporaryFolder())
            let rule = FaultRule.json("tls.clientCertificate", named: "mutual", with: ["mode": "require"])
            #expect(try await admin.post(Self.faults, rule).status == 201)
            let request = try Repository.fixture("polling.request.json")
            let tls = ["--tls-max", version, "--data-binary", "@-"]
            let none = try await Curl(server).run(tls, input: request)
            #expect(none.status != 0)
            let alert = version == "1.3" ? "certificate required" : "handshake failure"
            #expect(none.errors.contains(alert), "\(none.errors)")

            let strange = try await Self.stranger(folder)
            let refused = try await Curl(server).run(tls + strange, input: request)
            #expect(refused.status != 0)
            #expect(refused.errors.contains("unknown ca"), "\(refused.errors)")

            let own = try await Self.device(Self.serial, admin, folder)
            let answer = try await Curl(server).run(tls + own, input: request)
            #expect(answer.output.contains(#""result":1"#), "\(answer)")
            try await admin.whenIdle()
            let records = try await admin.get(AdminPlane.lab() + "/journal?rule=mutual&outcome=closed")
            #expect(records.string("items.0.clientCertificate") == Self.serial, "\(records.text)")
        }
    }

    @Test func `a certificate of another unit is answered with 902 unless any will do`() async throws {
        try await ServerProcess.serve { server in
            let (admin, folder) = (AdminPlane(server), try TemporaryFolder())
            let request = try Repository.fixture("polling.request.json")
            let other = try await Self.device("FG140E4Q17000494", admin, folder)
            let rule = FaultRule.json("tls.clientCertificate", named: "mutual", with: ["mode": "optional"])
            #expect(try await admin.post(Self.faults, rule).status == 201)
            #expect(try await Curl(server).post(request, other).body.contains(#""error_code":902"#))
            // None is as good as an own one where none must be shown.
            #expect(try await Curl(server).post(request).body.contains(#""result":1"#))
            // A unit of the request's cluster may show its own.
            let peer = try await Self.device("FGT3HD3915801685", admin, folder)
            #expect(try await Curl(server).post(request, peer).body.contains(#""result":1"#))
            _ = try await admin.call("DELETE", Self.faults)
            let any = FaultRule.json(
                "tls.clientCertificate",
                named: "mutual",
                with: ["mode": "require", "match": "any"]
            )
            #expect(try await admin.post(Self.faults, any).status == 201)
            #expect(try await Curl(server).post(request, other).body.contains(#""result":1"#))
        }
    }

    /// A certificate that nobody of the lab has signed.
    private static func stranger(_ folder: borrowing TemporaryFolder) async throws -> [String] {
        let (key, certificate) = (folder.path(of: "stranger.key"), folder.path(of: "stranger.pem"))
        let made = try await Command.run(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                "-subj", "/CN=\(serial)", "-keyout", key, "-out", certificate,
            ]
        )
        try #require(made.status == 0, "\(made.errors)")
        return ["--cert", certificate, "--key", key]
    }
}
