import TestKit
import Testing

/// What Prometheus reads.
@Suite("Admin, metrics", .timeLimit(.minutes(1)))
struct AdminMetricsTests {
    @Test func `exchanges, handshakes, alerts and commits are counted`() async throws {
        try await ServerProcess.serve { server in
            let curl = Curl(server)
            let commits = try await Self.commits(AdminPlane(server).get("/metrics").text)
            _ = try await curl.post(WireMessage.polling(["FTKMOB947FDC1754"], by: "FG100FTK20009876"))
            _ = try await curl.post(WireMessage.provision(["FTKMOB947FDC1754"], by: "FG100FTK20009876"))
            _ = try await curl.post(WireMessage.activation("FFFF-0000-FFFF-0000-FFFF", by: "FGT60FTK20000001"))
            _ = try await Command.run("curl", Curl.manners + [server.url])
            let page = try await AdminPlane(server).whenIdle()
            #expect(page.contentType == "text/plain")
            let lines = Set(page.text.split(separator: "\n").map(String.init))
            for line in [
                "fauxguard_exchanges_total{type=\"PollingRequest\",code=\"0\"} 1",
                "fauxguard_exchanges_total{type=\"ProvisionRequest\",code=\"0\"} 1",
                "fauxguard_exchanges_total{type=\"ActivationLicenseRequest\",code=\"16\"} 1",
                "fauxguard_http_responses_total{status=\"200\"} 3",
                "fauxguard_handshakes_total{kind=\"full\"} 3",
                "fauxguard_alerts_total{alert=\"unknown_ca\",direction=\"received\"} 1",
                "fauxguard_connections_accepted_total 4",
                "fauxguard_connections_ended_total{outcome=\"handshake-failed\"} 1",
                "fauxguard_connections_open{plane=\"data\"} 0",
                "fauxguard_exchange_duration_seconds_count{type=\"PollingRequest\"} 1",
                "fauxguard_registry_commit_seconds_count \(commits + 1)", "fauxguard_registries_offline 0",
            ] {
                #expect(lines.contains(line) as Bool, "\(line) is not there")
            }
            for word in ["FG100FTK20009876", "FTKMOB947FDC1754", "127.0.0.1"] { #expect(!page.text.contains(word)) }
        }
    }

    /// How many commits a page counts: loading the lab takes some before anybody asks.
    private static func commits(_ page: String) throws -> Int {
        let name = "fauxguard_registry_commit_seconds_count "
        let line = try #require(page.split(separator: "\n").first { $0.hasPrefix(name) })
        return try #require(Int(line.dropFirst(name.count)))
    }
}
