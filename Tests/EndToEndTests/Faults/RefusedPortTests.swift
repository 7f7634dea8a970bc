import Faults
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
}
