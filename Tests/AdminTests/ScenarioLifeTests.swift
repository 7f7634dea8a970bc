import TestKit
import Testing

/// A scenario's life in a lab: one at a time, whole or not at all, and what ends it.
@Suite("A scenario's life", .timeLimit(.minutes(2)))
struct ScenarioLifeTests {
    @Test func `one runs at a time, and only what runs can be stopped`() async throws {
        try await ServiceWorld.run { services in
            let world = ScenarioLab(admin: services.admin)
            let idle = try await world.ask("stop", "unreachable")
            #expect(idle.status == 409, "\(idle.text)")
            #expect(try await world.ask("start", "expired-license").status == 200)
            let again = try await world.ask("start", "expired-license")
            #expect(again.status == 409)
            #expect(again.string("detail") == "the scenario expired-license runs already")
            let other = try await world.ask("start", "dpi-in-path")
            #expect(other.status == 409)
            #expect(other.string("detail")?.hasPrefix("the scenario expired-license runs in this lab; ") == true)
            #expect(try await world.ask("stop", "dpi-in-path").status == 409)
            #expect(try await world.running() == "expired-license")
            for verb in ["start", "stop"] {
                let unknown = try await world.ask(verb, "dpi-in-pat")
                #expect(unknown.status == 404)
                #expect(unknown.strings("suggestions") == ["dpi-in-path"])
            }
            #expect(try await world.ask("stop", "expired-license").status == 200)
        }
    }

    @Test func `rules of others stay, and a name that one has is no scenario's`() async throws {
        try await ServiceWorld.run { services in
            let world = ScenarioLab(admin: services.admin)
            let faults = world.path + "/faults"
            let mine = FaultRule.json("http.delay", named: "dpi-in-path.mine", with: ["latency": "1ms"])
            #expect(try await world.admin.post(faults, mine).status == 201)
            #expect(try await world.ask("start", "dpi-in-path").status == 200)
            #expect(try await world.rules() == ["dpi-in-path.mine", "dpi-in-path.inspection"])
            #expect(try await world.ask("stop", "dpi-in-path").status == 200)
            #expect(try await world.rules() == ["dpi-in-path.mine"])

            let before = try await world.state()
            let taken = FaultRule.json("http.delay", named: "unreachable.refused", with: ["latency": "1ms"])
            #expect(try await world.admin.post(faults, taken).status == 201)
            let refused = try await world.ask("start", "unreachable")
            #expect(refused.status == 409 && refused.string("detail")?.contains("unreachable.refused") == true)
            #expect(try await world.state() == before)
            #expect(try await world.running() == nil)
        }
    }

    @Test func `a reset ends it, and so does the lab's end`() async throws {
        try await ServiceWorld.run { services in
            let world = try await ScenarioLab.empty(services.admin)
            let before = try await world.state()
            #expect(try await world.ask("start", "license-transferred").status == 200)
            #expect(try await world.admin.get(world.path + "/clock").string("mode") == "frozen")
            #expect(try await world.admin.post(world.path + "/reset").status == 200)
            #expect(try await world.running() == nil)
            #expect(try await world.state() == before)
            #expect(try await world.ask("stop", "license-transferred").status == 409)

            #expect(try await world.ask("start", "unreachable").status == 200)
            #expect(try await world.admin.call("DELETE", world.path).status == 204)
            #expect(try await world.admin.post("/api/v1/labs", #"{"name":"empty"}"#).status == 201)
            #expect(try await world.running() == nil)
        }
    }

    @Test func `snapshots neither end it nor begin it`() async throws {
        try await ServiceWorld.run { services in
            let world = ScenarioLab(admin: services.admin)
            let snapshots = world.path + "/snapshots"
            let before = try await world.state()
            #expect(try await world.admin.post(snapshots, #"{"name":"outside"}"#).status == 201)
            #expect(try await world.ask("start", "second-phone").status == 200)
            #expect(try await world.admin.post(snapshots, #"{"name":"inside"}"#).status == 201)
            #expect(try await world.admin.post(snapshots + "/outside/restore").status == 200)
            #expect(try await world.running() == "second-phone")
            #expect(try await world.ask("stop", "second-phone").status == 200)
            #expect(try await world.admin.post(snapshots + "/inside/restore").status == 200)
            #expect(try await world.running() == nil)
            #expect(try await world.state() != before)
        }
    }
}
