import Faults
import Foundation
import IO
import TestKit
import Testing

/// A port that is closed for real.
@Suite("Refused ports", .timeLimit(.minutes(1)))
struct RefusedPortTests {
    @Test func `clients report what the catalogue says, and the other listener works meanwhile`() async throws {
        try await FaultScene.serve { scene in
            let sights = try EffectCase("tcp.refuse").allSights()
            #expect(Set(sights.map(\.client)) == Set(FaultClient.allCases))
            try await scene.add("closed", "tcp.refuse", more: #","when":{"listener":"main"}"#)
            for sight in sights {
                for version in sight.versions {
                    let refused = try scene.call(sight.client, version).start()
                    let other = try await scene.call(sight.client, version, to: "other").start().end()
                    #expect(sight.client.wasServed(other), "\(other.text)")
                    let report = try await refused.end()
                    #expect(report.text.contains(sight.report), "\(report.text)")
                }
            }
            try await scene.clear()
            for client in FaultClient.allCases {
                let report = try await scene.call(client, "TLSv1.3").start().end()
                #expect(client.wasServed(report), "\(report.text)")
            }
            #expect(try await scene.records(3).allSatisfy { $0.rules.isEmpty })
        }
    }

    @Test func `a port that is refused for a time opens again by itself when a running clock has passed it`()
        async throws
    {
        try await FaultScene.serve { scene in
            try await scene.add(
                "short",
                "tcp.refuse",
                more: ",\"when\":{\"listener\":\"main\"},\"for\":\"\(4 * Sanitizer.slowdown)s\""
            )
            let refused = try await scene.call(.curl, "TLSv1.3").start().end()
            #expect(!FaultClient.curl.wasServed(refused), "\(refused.text)")
            try await Self.waitUntilServed(scene)
        }
    }

    @Test func `a port that somebody else has taken meanwhile is said once, and opens when it is free`() async throws {
        try await FaultScene.serve { scene in
            try await scene.add("closed", "tcp.refuse", more: #","when":{"listener":"main"}"#)
            try await Self.occupy(UInt16(try scene.port())) {
                try await scene.clear()
                _ = try await scene.server.logLine(with: "was not opened again", "listener=main")
                // Several tries of five a second.
                try await Task.sleep(for: .seconds(1))
                #expect(scene.server.log.components(separatedBy: "was not opened again").count == 2)
            }
            try await Self.waitUntilServed(scene)
            _ = try await scene.server.logLine(with: "is open again", "listener=main")
        }
    }

    /// The server had woken five times a second on every loop, whether a rule was set or not.
    @Test(.disabled(if: Sanitizer.isActive, "a sanitizer has a thread of its own that wakes"))
    func `where no port is refused, nothing wakes an idle server, neither before nor after`() async throws {
        try await FaultScene.serve { scene in
            try await Self.waitUntilIdle(scene)
            try await scene.add("other", "http.status", #"{"code":503}"#)
            try await scene.add("closed", "tcp.refuse", more: #","when":{"listener":"main"}"#)
            // What keeps the port wakes then: the count sees it.
            #expect(try await scene.server.wakeups(in: .seconds(2)) > 5)
            #expect(try await scene.admin.call("DELETE", AdminPlane.lab() + "/faults/closed").status == 204)
            try await Self.waitUntilIdle(scene)
        }
    }

    private static func waitUntilServed(_ scene: FaultScene) async throws {
        let patience = Deadline(in: .seconds(20))
        while true {
            try await Task.sleep(for: .milliseconds(100))
            let report = try await scene.call(.curl, "TLSv1.3").start().end()
            if FaultClient.curl.wasServed(report) { return }
            try #require(!patience.hasPassed, "\(report.text)")
        }
    }

    /// Waits for two seconds in which the server's threads wake five times at most, all together.
    private static func waitUntilIdle(_ scene: FaultScene) async throws {
        let patience = Deadline(in: .seconds(20))
        while true {
            let woken = try await scene.server.wakeups(in: .seconds(2))
            if woken <= 5 { return }
            try #require(!patience.hasPassed, "\(woken) times in two seconds")
        }
    }

    /// Runs `body` while the port is this process's.
    private static func occupy(_ port: UInt16, _ body: () async throws -> Void) async throws {
        let socket = try ListeningSocket.open(SocketAddress(host: .v4(0x7F00_0001), port: port))
        try await body()
        _ = consume socket
    }
}
