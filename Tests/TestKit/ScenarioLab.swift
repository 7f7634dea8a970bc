/// One of a server's labs, in which scenarios are started and stopped.
package struct ScenarioLab: Sendable {
    /// The admin plane that they are asked of.
    package let admin: AdminPlane
    /// The lab's name.
    package let lab: String

    /// A lab that is there.
    package init(admin: AdminPlane, lab: String = "default") {
        self.admin = admin
        self.lab = lab
    }

    /// A lab that is made for it, with nothing in it but a listener of its own.
    package static func empty(_ admin: AdminPlane) async throws -> ScenarioLab {
        let made = try await admin.post("/api/v1/labs", #"{"name":"empty","listen":"127.0.0.1:0"}"#)
        guard made.status == 201 else { throw TestKitError(made.text) }
        return ScenarioLab(admin: admin, lab: "empty")
    }

    /// The lab's path.
    package var path: String { AdminPlane.lab(lab) }

    /// Everything that a lab can be put back to: its registry and how its clock is set.
    package func state() async throws -> String {
        let export = try await admin.get(path + "/registry?format=yaml")
        let clock = try await admin.get(path + "/clock")
        guard export.status == 200, clock.status == 200 else { throw TestKitError(export.text + clock.text) }
        let now = clock.string("mode") == "frozen" ? clock.string("now") ?? "" : ""
        return export.text + "\(clock.string("mode") ?? "") \(now) \(clock.string("certificates") ?? "")"
    }

    /// The names of the rules in force.
    package func rules() async throws -> [String] {
        let answer = try await admin.get(path + "/faults")
        return ((answer["items"] as? [[String: Any]]) ?? []).compactMap { $0["name"] as? String }
    }

    /// The scenario that runs.
    package func running() async throws -> String? {
        let answer = try await admin.get(path + "/scenarios")
        let items = (answer["items"] as? [[String: Any]]) ?? []
        return items.first { $0["running"] as? Bool == true }?["name"] as? String
    }

    /// Starts or stops a scenario.
    package func ask(_ verb: String, _ name: String) async throws -> AdminPlane.Reply {
        try await admin.post(path + "/scenarios/\(name)/\(verb)")
    }
}
