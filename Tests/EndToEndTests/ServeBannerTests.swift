import Foundation
import TestKit
import Testing

/// The line of the banner that people copy.
@Suite("serve, the banner's line", .timeLimit(.minutes(1)))
struct ServeBannerTests {
    // A field report: with any registry but the demo lab's the banner's line was answered with an error.
    @Test(arguments: [
        // A code that nobody redeemed, behind one that was withdrawn, one that is too old, and a unit that is not
        // registered.
        (
            """
            devices: [{ serial: AAA, registered: false }, { serial: FGT1, registered: true }]
            licenses:
              - { number: EFTM000000000001, code: 0000-0000-0000-0000-0001, size: 2, revoked: true }
              - { number: EFTM000000000002, code: 0000-0000-0000-0000-0002, size: 2, validUntil: 2020-01-01 }
              - { number: EFTM000000000003, code: 0000-0000-0000-0000-0003, size: 2 }
            """, "\"result\":1"
        ),
        // A unit that has a license already, and its peer, stay as they are: another redeems.
        (
            """
            devices: [{ serial: FGT1, registered: true }, { serial: FGT2, registered: true }, { serial: FGT3, registered: true }]
            licenses:
              - { number: EFTM000000000001, code: 0000-0000-0000-0000-0001, size: 2, owner: FGT1, cluster: [FGT1, FGT2] }
              - { number: EFTM000000000002, code: 0000-0000-0000-0000-0002, size: 2 }
            """, "\"serial_number\":\"FGT3\""
        ),
        // One that its owner redeemed.
        (
            """
            devices: [{ serial: FGT1, registered: true }, { serial: FGT2, registered: true }]
            licenses: [{ number: EFTM000000000001, code: 0000-0000-0000-0000-0001, size: 2, owner: FGT2 }]
            """, "\"serial_number\":\"FGT2\""
        ),
        // None: a poll is all that can be asked.
        ("devices: [{ serial: FAC1, registered: true }]", "PollingResponse"),
    ])
    func `it works with the registry that was loaded`(registry: String, answer: String) async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(registry + "\n", to: "lab.yaml")
        try await ServerProcess.serve(registry: file) { server in
            let line = try #require(server.process.output.split(separator: "\n").first { $0.hasPrefix("  curl ") })
            let result = try await Command.run("bash", ["-c", String(line).replacing("  curl ", with: "curl -q -s ")])
            #expect(result.status == 0, "\(line)\n\(result.errors)")
            #expect(result.output.contains(answer), "\(line)\n\(result.output)")
        }
    }

    // A field report: the line of the demo lab gave the README's license to another unit than the README's.
    @Test func `in the demo lab the unit of the documents redeems`() async throws {
        try await ServerProcess.serve { server in
            let line = try Self.line(of: server)
            #expect(line.contains("\"serial_number\":\"FGT60FTK20000001\""), "\(line)")
        }
    }

    // A field report: behind a proxy's header the line failed in the handshake.
    @Test func `it works where a listener waits for a proxy's header`() async throws {
        try await ServerProcess.serve(listen: "127.0.0.1:0,proxy=127.0.0.0/8") { server in
            let line = try Self.line(of: server)
            let result = try await Command.run("bash", ["-c", line.replacing("  curl ", with: "curl -q -s ")])
            #expect(result.output.contains("\"result\":1"), "\(line)\n\(result.output)")
        }
    }

    private static func line(of server: ServerProcess) throws -> String {
        String(try #require(server.process.output.split(separator: "\n").first { $0.hasPrefix("  curl ") }))
    }

    // A field report: the command went to the standard port and to the lab default, whatever was served.
    @Test func `without a registered unit it names a command that adds one there`() async throws {
        let folder = try TemporaryFolder()
        let token = try folder.write("0123456789abcdef", to: "a token")
        let words = ["--admin-token-file", token]
        try await ServerProcess.serve(registry: "none", listen: "127.0.0.1:0,lab=team", arguments: words) { server in
            let line = try #require(server.process.output.split(separator: "\n").last { $0.contains("add one: ") })
            let command = try #require(line.components(separatedBy: "add one: fauxguard ").last)
            let added = try await Command.run("bash", ["-c", "\(Repository.binary) \(command)"])
            #expect(added.status == 0, "\(line)\n\(added.errors)")
            let shown = "device show FGT60FTK20000001 --lab team --admin \(server.ready.admin) --token-file '\(token)'"
            #expect(try await Command.run("bash", ["-c", "\(Repository.binary) \(shown)"]).status == 0)
        }
    }
}
