import Foundation
import TestKit
import Testing

/// The whole story, told by `docs/tour.sh` and by the licenses of a registry of a test's own.
@Suite("Story", .serialized, .timeLimit(.minutes(1)))
struct StoryTests {
    private func tour(_ server: ServerProcess) async throws -> Command.Result {
        try await Command.run("bash", [Repository.path("docs/tour.sh"), server.url, server.authority])
    }

    @Test func `the tour comes to its end, twice and across a restart`() async throws {
        let folder = try TemporaryFolder()
        for _ in 1...2 {
            try await ServerProcess.serve(data: folder.path(of: "data")) { server in
                let result = try await tour(server)
                #expect(result.status == 0, "\(result.errors)\n\(result.output)")
                let stops = result.output.split(separator: "\n").filter { $0.hasPrefix("== ") }
                #expect(
                    stops == [
                        "== A unit alone redeems a code and puts a token on a phone",
                        "== A code that was used once works for ever",
                        "== A code that was never used ends with its date",
                        "== A cluster redeems a code through its primary",
                        "== After a failover the secondary asks, and lists the primary",
                        "== A secondary that does not list the primary has nothing",
                        "== A license that was registered to the peer fails on the primary",
                        "== Two trial tokens, imported twice",
                        "== An activation code is for one phone",
                        "== The end: every answer was as told",
                    ]
                )
                let passwords = result.output.split(separator: "\n").filter { $0.hasSuffix(", and so does the unit") }
                #expect(passwords.count == 3)
                for code in [14, 31, 40, 903] {
                    #expect(result.output.contains("answered: \"error\":{\"error_code\":\(code),"))
                }
            }
        }
    }

    @Test func `the tour fails where an answer is not as told`() async throws {
        let folder = try TemporaryFolder()
        let text = try Repository.text("Config/registry.yaml")
            .replacing("validUntil: 2022-06-30", with: "validUntil: 2099-06-30")
        try await ServerProcess.serve(registry: try folder.write(text, to: "registry.yaml")) { server in
            let result = try await tour(server)
            #expect(result.status == 1)
            #expect(result.errors.hasPrefix("tour: expected \"error\":{\"error_code\":14,"), "\(result.errors)")
        }
    }

    @Test func `what was answered is there after a restart`() async throws {
        let folder = try TemporaryFolder()
        let data = folder.path(of: "data")
        let serial = "FGT60FTK20000001"
        let activation = WireMessage.activation("0F1E-2D3C-4B5A-6978-8796", by: serial)
        var granted = ""
        var token = ""
        var code = ""
        try await ServerProcess.serve(data: data) { server in
            let curl = Curl(server)
            granted = try await curl.post(activation).body
            token = try #require(WireMessage.values(of: "token", in: granted).first)
            let provisioned = try await curl.post(WireMessage.provision([token], by: serial)).body
            code = try #require(WireMessage.values(of: "token_activation_code", in: provisioned).first)
        }
        try await ServerProcess.serve(data: data) { server in
            let curl = Curl(server)
            #expect(try await curl.post(activation).body == granted)
            let digits = WireMessage.digits(ofActivationCode: code)
            let claimed = try await curl.post(WireMessage.mobile(digits), to: Curl.mobile).body
            #expect(claimed.contains("\"token\":\"\(token)\""))
        }
    }
}
