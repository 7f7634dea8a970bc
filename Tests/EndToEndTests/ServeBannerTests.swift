import Foundation
import TestKit
import Testing

/// The line of the banner that people copy.
@Suite("serve, the banner's line", .timeLimit(.minutes(1)))
struct ServeBannerTests {
    // A field report: with any registry but the demo lab's the banner's line was answered with an error.
    @Test(arguments: [
        // A code that nobody redeemed, behind one that was withdrawn, one that is too old, and a unit that is not registered.
        (
            """
            devices: [{ serial: AAA, registered: false }, { serial: FGT1, registered: true }]
            licenses:
              - { number: EFTM000000000001, code: 0000-0000-0000-0000-0001, size: 2, revoked: true }
              - { number: EFTM000000000002, code: 0000-0000-0000-0000-0002, size: 2, validUntil: 2020-01-01 }
              - { number: EFTM000000000003, code: 0000-0000-0000-0000-0003, size: 2 }
            """, "\"result\":1"
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

    @Test func `without a registered unit it says what to do`() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("devices: []\n", to: "lab.yaml")
        try await ServerProcess.serve(registry: file) { server in
            #expect(server.process.output.contains("fauxguard device add"), "\(server.process.output)")
        }
    }
}
