import Foundation
import TestKit
import Testing

/// No document of an outsider is read on the loop that answers everybody.
@Suite("Reading documents", .serialized, .timeLimit(.minutes(2))) struct DocumentReadingTests {
    /// One registry document of some MiB, whose last entry is wrong, so that it is read whole and brought nowhere.
    private static let large: [UInt8] = {
        var text = "devices:\n"
        for number in 0..<100_000 { text += "  - { serial: FG\(1_000_000 + number), registered: True }\n" }
        return Array((text + "  - { serial: wrong }\n").utf8)
    }()

    private static func send(_ body: [UInt8], to path: String, _ server: ServerProcess) throws -> TestClient {
        let client = try TestClient.admin(of: server, timeout: .seconds(60) * Sanitizer.slowdown)
        let head = "POST \(AdminPlane.lab())\(path) HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/yaml\r\n"
        try client.send(Array((head + "Content-Length: \(body.count)\r\n\r\n").utf8) + body)
        return client
    }

    private static func post(_ body: [UInt8], to path: String, _ server: ServerProcess) throws -> HTTPAnswer {
        try send(body, to: path, server).answer()
    }

    /// A document that took seconds on the control loop once kept every other call of the admin plane waiting, and
    /// aliases behind a comment that ended in CR kept it for good.
    @Test func `while a document is read the admin plane answers`() async throws {
        try await ServerProcess.serve { server in
            let (statuses, meanwhile) = try await Blocking.run {
                let aliases =
                    "# c\ra0: &a0 [x,x]\r" + (1..<40).map { "a\($0): &a\($0) [*a\($0 - 1),*a\($0 - 1)]\r" }.joined()
                let bombs = try Self.send(Array(aliases.utf8), to: "/faults", server)
                let health = try TestClient.admin(of: server)
                let large = try Self.send(Self.large, to: "/registry/validate", server)
                // On the loop itself, the document would have been read to its end before the first of these is
                // answered.
                var meanwhile = 0
                while !large.hasInput, meanwhile < 1000 {
                    guard try health.call("GET", "/healthz").status == 200 else { throw TestKitError("no answer") }
                    meanwhile += 1
                }
                return (try [bombs, large].map { try $0.answer().status }, meanwhile)
            }
            #expect(statuses == [422, 422])
            #expect(meanwhile > 1, "so often while it was read")
        }
    }

    /// The reading of a document once went on behind a signal, and nothing but SIGKILL ended the process.
    @Test func `a document that is being read keeps the server from its end no longer than others do`() async throws {
        let server = try await ServerProcess.start()
        async let answer = Blocking.run { try? Self.post(Self.large, to: "/registry", server) }
        server.process.signal(SIGTERM)
        #expect(try await server.process.wait() == .exited(0))
        _ = await (try? answer)
    }
}
