import Foundation
import TestKit
import Testing

/// No document of an outsider is read on the loop that answers everybody.
@Suite("Reading documents", .serialized, .timeLimit(.minutes(2))) struct DocumentReadingTests {
    /// One registry document of some MiB, whose last entry is wrong, so that it is read whole and brought nowhere.
    private static let large: [UInt8] = {
        var text = "devices:\n"
        for number in 0..<250_000 { text += "  - { serial: FG\(1_000_000 + number), registered: True }\n" }
        return Array((text + "  - { serial: wrong }\n").utf8)
    }()

    private static func post(_ body: [UInt8], to path: String, _ server: ServerProcess) throws -> HTTPAnswer {
        let client = try TestClient.admin(of: server, timeout: .seconds(60) * Sanitizer.slowdown)
        let head = "POST \(AdminPlane.lab())\(path) HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/yaml\r\n"
        try client.send(Array((head + "Content-Length: \(body.count)\r\n\r\n").utf8) + body)
        return try client.answer()
    }

    /// A document that took seconds on the control loop once kept every other call of the admin plane waiting, and aliases
    /// behind a comment that ended in CR kept it for good.
    @Test func `while documents are read the admin plane answers, and a third large one is told to come again`()
        async throws
    {
        try await ServerProcess.serve { server in
            async let answers = Blocking.run(threads: 4) { number in
                let aliases =
                    "# c\ra0: &a0 [x,x]\r" + (1..<40).map { "a\($0): &a\($0) [*a\($0 - 1),*a\($0 - 1)]\r" }.joined()
                let body = number == 0 ? Array(aliases.utf8) : Self.large
                return try Self.post(body, to: number == 0 ? "/faults" : "/registry/validate", server)
            }
            async let worst = Blocking.run {
                let client = try TestClient.admin(of: server)
                var worst = Duration.zero
                for _ in 0..<100 {
                    let begun = ContinuousClock.now
                    guard try client.call("GET", "/healthz").status == 200 else { throw TestKitError("no answer") }
                    worst = max(worst, ContinuousClock.now - begun)
                    Blocking.pause(.milliseconds(10))
                }
                return worst
            }
            let statuses = try await answers.map(\.status)
            #expect(statuses[0] == 422)
            #expect(statuses[1...].allSatisfy { $0 == 422 || $0 == 503 }, "\(statuses)")
            #expect(try await worst < .milliseconds(500) * Sanitizer.slowdown)
        }
    }

    @Test func `everything that is wrong with a document is in the answer`() async throws {
        try await ServerProcess.serve { server in
            let text = "devices:\n- { serial: fg }\n- { serial: FG-A, registered: yes }\n"
            let answer = try await Blocking.run { try Self.post(Array(text.utf8), to: "/registry/validate", server) }
            let body = try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any]
            let errors = body?["errors"] as? [[String: Any]]
            #expect(errors?.map { $0["path"] as? String } == ["devices[0].serial", "devices[1].registered"])
            #expect(errors?.map { $0["line"] as? Int } == [2, 3])
            #expect((body?["detail"] as? String)?.hasSuffix("(and 1 more)") == true)
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
