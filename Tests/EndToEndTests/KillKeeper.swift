import Foundation
import TestKit

/// Who makes labs, keeps and resets them, and removes them again, until the server is killed.
struct KillKeeper: Sendable {
    /// What is known of a lab that is there.
    private struct Kept: Sendable {
        let seed: Int
        var isFilled = false
        var snapshots: Set<String> = []
    }

    /// What was sent and not answered.
    private enum Unanswered: Sendable {
        case make(String, seed: Int)
        case fill(String)
        case snapshot(String, String)
        case remove(String)
        /// A reset or a restore: the lab is filled before and after.
        case putBack
    }

    /// How many changes were answered.
    private(set) var answered = 0
    /// Whether the last run ended because the connection was cut.
    private(set) var isCut = false
    private var labs: [String: Kept] = [:]
    private var unanswered: Unanswered?
    private var made = 0
    private var random: SeededRandom

    private static let names = ["keep-0", "keep-1"]
    private static let document = """
        {"devices":[{"serial":"FGT60FTK20000001","registered":true}],
        "licenses":[{"number":"EFTM000000000001","code":"0F1E-2D3C-4B5A-6978-8796","size":2},
        {"number":"EFTM000000000002","code":"1F1E-2D3C-4B5A-6978-8796","size":3}]}
        """

    /// A keeper of no labs yet.
    init(random: SeededRandom) {
        self.random = random
    }

    /// Changes the set of labs until the server is killed.
    mutating func run(on server: ServerProcess) throws {
        isCut = false
        do {
            let client = try TestClient.admin(of: server)
            while true {
                try step(client)
                unanswered = nil
                answered += 1
            }
        } catch let error as TestClientError {
            switch error {
            case .timedOut, .notHTTP, .tls: throw KillViolation("the keeper: \(error)")
            case .system, .ended, .reset: isCut = true
            }
        }
    }

    private mutating func step(_ client: TestClient) throws {
        let name = Self.names[random.number(0...Self.names.count - 1)]
        let lab = AdminPlane.lab(name)
        guard let kept = labs[name] else {
            made += 1
            unanswered = .make(name, seed: made)
            let body = "{\"name\":\"\(name)\",\"listen\":\"127.0.0.1:0\",\"seed\":\(made)}"
            try change(client, "POST", "/api/v1/labs", body, expecting: 201)
            labs[name] = Kept(seed: made)
            return
        }
        guard kept.isFilled else {
            unanswered = .fill(name)
            try change(client, "PUT", lab + "/registry", Self.document, expecting: 200)
            labs[name]?.isFilled = true
            return
        }
        switch random.number(0...9) {
        case 0...4:
            made += 1
            unanswered = .snapshot(name, "s\(made)")
            try change(client, "POST", lab + "/snapshots", "{\"name\":\"s\(made)\"}", expecting: 201)
            labs[name]?.snapshots.insert("s\(made)")
        case 5...6:
            unanswered = .putBack
            try change(client, "POST", lab + "/reset", nil, expecting: 200)
        case 7:
            guard let snapshot = kept.snapshots.sorted().randomElement(using: &random) else { return }
            unanswered = .putBack
            try change(client, "POST", lab + "/snapshots/\(snapshot)/restore", nil, expecting: 200)
        default:
            unanswered = .remove(name)
            try change(client, "DELETE", lab, nil, expecting: 204)
            labs[name] = nil
        }
    }

    private func change(
        _ client: TestClient,
        _ method: String,
        _ path: String,
        _ body: String?,
        expecting status: Int
    ) throws {
        let answer = try client.call(method, path, body)
        guard answer.status == status else {
            throw KillViolation("\(method) \(path) \(body ?? "") was answered \(answer.status) \(answer.text)")
        }
    }

    /// Holds a server that has just started to what was answered, and each of its labs to be whole.
    mutating func audit(on server: ServerProcess) throws {
        let client = try TestClient.admin(of: server)
        let open = unanswered
        unanswered = nil
        for name in Self.names {
            let lab = AdminPlane.lab(name)
            let answer = try client.call("GET", lab)
            let isThere = answer.status == 200
            switch open {
            case .make(name, let seed) where isThere: labs[name] = Kept(seed: seed)
            case .remove(name) where !isThere: labs[name] = nil
            case .fill(name) where answer.object["licenses"] as? Int != 0: labs[name]?.isFilled = true
            default: break
            }
            guard let kept = labs[name] else {
                guard answer.status == 404 else { throw KillViolation("lab \(name) was removed: \(answer.text)") }
                continue
            }
            let listeners = (answer.object["listeners"] as? [[String: Any]] ?? []).compactMap { $0["name"] as? String }
            guard isThere, listeners == [name], answer.object["seed"] as? Int == kept.seed,
                answer.object["licenses"] as? Int == (kept.isFilled ? 2 : 0),
                answer.object["tokens"] as? Int == (kept.isFilled ? 5 : 0)
            else { throw KillViolation("lab \(name), \(kept), open \(String(describing: open)): \(answer.text)") }
            let page = try client.call("GET", lab + "/snapshots?limit=1000").object["items"] as? [[String: Any]] ?? []
            var found = Set(page.compactMap { $0["name"] as? String })
            if case .snapshot(name, let snapshot) = open, found.contains(snapshot) {
                labs[name]?.snapshots.insert(snapshot)
                found.remove(snapshot)
            }
            guard found == kept.snapshots else {
                throw KillViolation("lab \(name) has the snapshots \(found.sorted()), not \(kept.snapshots.sorted())")
            }
        }
        let files = try FileManager.default.subpathsOfDirectory(atPath: server.ready.data + "/labs")
        let left = files.filter { $0.hasPrefix(".") || $0.hasSuffix(".new") || $0.contains(".restoring") }
        guard left.isEmpty else { throw KillViolation("half written files are left: \(left)") }
    }
}
