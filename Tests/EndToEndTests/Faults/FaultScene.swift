import Foundation
import TLSNames
import TestKit
import Testing

/// A server with two listeners and the certificate profiles, and who speaks to it from where.
struct FaultScene: Sendable {
    /// Where the clients come from that rules mean.
    static let matched = "127.0.0.42"
    /// Where the others come from.
    static let bystander = "127.0.0.1"

    let server: ServerProcess
    let admin: AdminPlane
    private static let faults = AdminPlane.lab() + "/faults"

    /// Runs `body` with a server that must then stop in good order.
    static func serve(_ body: (FaultScene) async throws -> Void) async throws {
        try await ServerProcess.serve(
            arguments: ["--listen", "other=127.0.0.1:0"],
            environment: ["FAUXGUARD_PKI_PROFILES": Repository.path("Certs/profiles.yaml")]
        ) { server in try await body(FaultScene(server: server, admin: AdminPlane(server))) }
    }

    /// The port of a listener.
    func port(of listener: String = "main") throws -> Int {
        let address = try #require(server.ready.listeners[listener])
        return try #require(address.split(separator: ":").last.flatMap { Int($0) })
    }

    /// A client at one of the two addresses.
    func call(
        _ client: FaultClient,
        _ version: String,
        from source: String = Self.matched,
        to listener: String = "main"
    ) throws -> FaultCall {
        FaultCall(
            client: client,
            version: version,
            source: source,
            port: try port(of: listener),
            authority: server.authority
        )
    }

    /// The usual poll by a client of the tests' own at the bystander's address, over this version.
    func poll(over version: String) async throws -> HTTPAnswer {
        let name = String(version.dropFirst("TLSv".count))
        let version = try #require(ProtocolVersion(name: name))
        return try await Blocking.run {
            let client = try server.connect(trusting: server.clientContext(versions: version...version))
            defer { client.close() }
            return try client.post(FaultRequest.poll)
        }
    }

    // MARK: Rules

    /// Adds a rule of this JSON for the matched address.
    func add(_ name: String, _ effect: String, _ parameters: String = "{}", more: String = "") async throws {
        let when = more.contains("\"when\"") ? "" : "\"when\":{\"client\":\"\(Self.matched)\"},"
        let rule = "{\"name\":\"\(name)\",\(when)\"do\":\"\(effect)\",\"with\":\(parameters)\(more)}"
        let reply = try await admin.post(Self.faults, rule)
        try #require(reply.status == 201, "\(rule): \(reply.text)")
    }

    /// A rule and its counters.
    func rule(_ name: String) async throws -> AdminPlane.Reply { try await admin.get(Self.faults + "/\(name)") }

    /// Takes all rules away and empties the journal.
    func clear() async throws {
        #expect(try await admin.call("DELETE", Self.faults).status == 204)
        #expect(try await admin.call("DELETE", AdminPlane.lab() + "/journal").status == 204)
    }

    // MARK: What can be seen of it

    /// A connection as the journal has it.
    struct Record: Sendable {
        let client: String
        let stage: String
        let outcome: String
        let reason: String
        let rules: [String]
        let nearMisses: [String]
        let bytesOut: Int
        let alert: String?
    }

    /// The records of the connections that are over, the oldest first, once there are so many.
    func records(_ count: Int) async throws -> [Record] {
        let deadline = Deadline(in: .seconds(20))
        while true {
            let page = try await admin.get(AdminPlane.lab() + "/journal?limit=1000")
            let items = (page["items"] as? [[String: Any]] ?? []).filter { $0["outcome"] is String }
            if items.count >= count { return items.map(Self.read) }
            try #require(!deadline.hasPassed, "\(items.count) of \(count) records: \(page.text)")
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    private static func read(_ item: [String: Any]) -> Record {
        Record(
            client: item["client"] as? String ?? "",
            stage: item["stage"] as? String ?? "",
            outcome: item["outcome"] as? String ?? "",
            reason: item["reason"] as? String ?? "",
            rules: (item["rules"] as? [[String: Any]] ?? []).compactMap { $0["name"] as? String },
            nearMisses: (item["nearMisses"] as? [[String: Any]] ?? []).compactMap { $0["reason"] as? String },
            bytesOut: (item["bytes"] as? [String: Any])?["out"] as? Int ?? 0,
            alert: (item["alert"] as? [String: Any])?["name"] as? String
        )
    }

    /// The whole registry as text.
    func registry() async throws -> String { try await admin.get(AdminPlane.lab() + "/registry?format=yaml").text }
}
