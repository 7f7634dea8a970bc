import TestKit
import Testing

/// What `Config/registry.yaml` promises: the published exchanges, answered as they were published.
@Suite("Demo lab", .serialized, .timeLimit(.minutes(1)))
struct DemoLabTests {
    @Test func `the curl line of the banner activates a license`() async throws {
        try await ServerProcess.serve { server in
            let banner = server.process.output.split(separator: "\n").map(String.init)
            let line = try #require(banner.first { $0.hasPrefix("  curl ") })
            // As a person would: pasted into a shell.
            let result = try await Command.run(
                "/bin/sh",
                ["-c", line.replacing("curl ", with: "curl -q -sS ", maxReplacements: 1)]
            )
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output.contains("\"license\":\"EFTM000000000001\""))
            #expect(WireMessage.values(of: "token", in: result.output).count == 5)
            #expect(result.output.hasSuffix("\"result\":1,\"error\":null}}\n"))
        }
    }
}
