import Foundation
import TestKit
import Testing

/// Every scenario of the repository: what is to be seen is seen, and the lab is then as it was before.
@Suite("Scenarios", .timeLimit(.minutes(5)))
struct ScenarioTests {
    /// All that docs/scenarios.md tells of; a name that does not resolve and a mail that is not delivered have no file.
    private static let promised = [
        "activation-code-expired", "anycast-fips", "card-not-found", "dpi-in-path", "dpi-trusted-by-box",
        "expired-license", "flapping-service", "foreign-token", "license-on-the-peer", "license-transferred",
        "lists-itself-alone",
        "lost-answer-then-retry", "migrated-config", "peer-not-registered", "polling-comm-layer", "polling-timeout",
        "port-filtered", "rma-replacement", "second-phone", "ssl-session-failed", "stale-trial", "unreachable",
    ]

    @Test func `all that are promised are there, listed, and told of in the documentation`() async throws {
        #expect(ScenarioLab.names == Self.promised)
        let page = try Repository.text("docs/scenarios.md")
        try await ScenarioLab.run { world, _ in
            let list = try await world.admin.get(world.path + "/scenarios")
            let items = try #require(list["items"] as? [[String: Any]])
            #expect(items.compactMap { $0["name"] as? String } == Self.promised)
            var rows: [String] = []
            for item in items {
                let cells = ["title", "symptom", "published"].map { item[$0] as? String ?? "" }
                rows.append("| `\(item["name"] as? String ?? "")` | \(cells.joined(separator: " | ")) |")
            }
            #expect(page.contains(rows.joined(separator: "\n")))
            let pages = try await world.admin.get(world.path + "/scenarios?limit=2&cursor=card-not-found")
            #expect(pages.string("items.0.name") == "dpi-in-path" && pages.string("next") == "dpi-trusted-by-box")
        }
    }

    @Test(arguments: ScenarioLab.names)
    func `in the demo lab`(name: String) async throws {
        try await ScenarioLab.run { world, _ in try await play(name, in: world) }
    }

    @Test(arguments: ScenarioLab.names)
    func `in an empty lab with a listener of its own`(name: String) async throws {
        try await ScenarioLab.run(inEmptyLab: true) { world, _ in try await play(name, in: world) }
    }

    private func play(_ name: String, in world: ScenarioLab) async throws {
        let scenario = try await world.admin.get(world.path + "/scenarios/\(name)")
        try #require(scenario.status == 200, "\(scenario.text)")
        let before = try await world.state()

        // What the same requests come to in a lab without it; the lab is then put back.
        try #require(try await world.admin.post(world.path + "/snapshots", #"{"name":"before"}"#).status == 201)
        let normal = try await world.sendAll(scenario)
        for (outcome, sight) in zip(normal, (scenario["see"] as? [[String: Any]]) ?? []) {
            // Who trusts the inspecting box alone has nothing to do with a server that nobody inspects.
            let isStranger = (sight["command"] as? String)?.contains("/inspection.pem") == true
            #expect(isStranger ? outcome.exit == 60 : outcome.status == 200, "\(outcome)")
        }
        #expect(try await world.admin.post(world.path + "/snapshots/before/restore").status == 200)
        #expect(try await world.admin.call("DELETE", world.path + "/journal").status == 204)

        let started = try await world.ask("start", name)
        try #require(started.status == 200, "\(started.text)")
        #expect(started["running"] as? Bool == true)
        for sight in try #require(started["see"] as? [[String: Any]]) { try await check(sight, in: world) }

        let stopped = try await world.ask("stop", name)
        #expect(stopped.status == 200 && stopped.string("name") == world.lab, "\(stopped.text)")
        #expect(try await world.state() == before)
        #expect(try await world.rules().isEmpty)
        #expect(try await world.running() == nil)
        #expect(try await world.sendAll(scenario) == normal)
    }

    /// Sends a request of the scenario as often as it says, and holds what comes of it and the journal against it.
    private func check(_ sight: [String: Any], in world: ScenarioLab) async throws {
        let command = try #require(sight["command"] as? String)
        let what = sight["what"] as? String ?? ""
        let times = try #require(sight["times"] as? Int)
        for _ in 0..<times {
            let outcome = try await world.send(command)
            if let exit = sight["curl"] as? Int {
                #expect(outcome.exit == Int32(exit), "\(what): \(outcome)")
            } else {
                #expect(outcome.exit == 0 && outcome.status == sight["status"] as? Int, "\(what): \(outcome)")
                for part in (sight["answer"] as? [String]) ?? [] {
                    #expect(outcome.body.contains(part), "\(what): \(outcome.body)")
                }
            }
        }
        let filters = try #require(sight["journal"] as? [String: String])
        guard !filters.isEmpty else { return }
        let body = try JSONSerialization.data(withJSONObject: ["where": filters, "atLeast": times, "within": 5])
        let found = try await world.admin.post(world.path + "/journal/verify", String(decoding: body, as: UTF8.self))
        #expect(found.status == 200, "\(what): \(found.text)")
    }
}
