import Foundation
import TestKit

/// One operator: issues licenses, adds devices, locks tokens and transfers licenses over one connection until the
/// server is killed, and keeps account of what was answered.
struct KillOperator: Sendable {
    /// What a license was answered to be.
    struct License: Sendable {
        /// Empty for one of the document's before it was looked at.
        var tokens: Set<String> = []
        var owner: String?
    }

    /// What was sent and not answered.
    enum Unanswered: Sendable {
        case issue(number: String?, size: Int)
        case device(String)
        case lock(String, Bool)
        case transfer(String, to: String)
    }

    /// Its number among the operators, 0 to 9.
    let number: Int
    /// Its licenses by number.
    var licenses: [String: License] = [:]
    /// Its devices.
    var devices: Set<String>
    /// Its locked tokens.
    var locked: Set<String> = []
    /// What the last kill left open.
    var unanswered: Unanswered?
    /// How many changes were answered.
    private(set) var answered = 0
    /// Whether the last run ended because the connection was cut.
    private(set) var isCut = false
    /// Licenses that a unit has, which alone can be transferred.
    private let owned: [String]
    private var random: SeededRandom
    private var made = 0

    private static let owned = 4

    /// An operator with two devices and a few licenses of theirs.
    init(number: Int, random: SeededRandom) {
        self.number = number
        self.random = random
        let own = [Self.device(number, 0), Self.device(number, 1)]
        devices = Set(own)
        owned = (0..<Self.owned).map { Self.license(number, $0) }
        for license in owned { licenses[license] = License(owner: own[0]) }
        made = Self.owned
    }

    /// What a registry document has of these operators: lines under `devices` and under `licenses`.
    static func document(_ operators: [KillOperator]) -> (devices: [String], licenses: [String]) {
        let devices = operators.flatMap(\.devices).sorted().map { "  - { serial: \($0), registered: true }" }
        let licenses = operators.flatMap(\.licenses).sorted { $0.key < $1.key }
            .map { number, license in
                let owner = license.owner ?? ""
                let code = "FFFF-\(number.suffix(12).prefix(4))-0000-\(number.suffix(8).prefix(4))-\(number.suffix(4))"
                return "  - { number: \(number), code: \(code), size: 2, owner: \(owner), cluster: [\(owner)], "
                    + "activatedAt: 2024-01-01T00:00:00Z }"
            }
        return (devices, licenses)
    }

    /// Changes the lab until the server is killed; throws a ``KillViolation`` where an answer is not the right one.
    mutating func run(on server: ServerProcess) throws {
        isCut = false
        do {
            let client = try TestClient.admin(of: server)
            while true { try step(client) }
        } catch let error as TestClientError {
            switch error {
            case .timedOut, .notHTTP, .tls: throw KillViolation("operator \(number): \(error)")
            case .system, .ended, .reset: isCut = true
            }
        }
    }

    private mutating func step(_ client: TestClient) throws {
        switch random.number(0...9) {
        case 0...3: try issue(client)
        case 4...5: try add(client)
        case 6...7: try lock(client)
        default: try transfer(client)
        }
        unanswered = nil
        answered += 1
    }

    private mutating func issue(_ client: TestClient) throws {
        let size = random.number(1...8)
        let number: String? = random.isTrue(0.5) ? Self.license(number, made) : nil
        made += 1
        unanswered = .issue(number: number, size: size)
        let body = number.map { "{\"size\":\(size),\"number\":\"\($0)\"}" } ?? "{\"size\":\(size)}"
        let answer = try change(client, "POST", "/licenses", body, expecting: 201)
        guard let named = answer["number"] as? String, number == nil || number == named,
            let tokens = answer["tokens"] as? [String], Set(tokens).count == size
        else { throw KillViolation("a license of \(size) was answered \(answer)") }
        licenses[named] = License(tokens: Set(tokens))
    }

    private mutating func add(_ client: TestClient) throws {
        let serial = Self.device(number, made)
        made += 1
        unanswered = .device(serial)
        _ = try change(client, "POST", "/devices", "{\"serial\":\"\(serial)\"}", expecting: 201)
        devices.insert(serial)
    }

    private mutating func lock(_ client: TestClient) throws {
        // Sorted, so that a seed repeats the choice.
        guard let license = licenses.keys.sorted().randomElement(using: &random),
            let token = licenses[license]?.tokens.sorted().randomElement(using: &random)
        else { return }
        let isLocked = !locked.contains(token)
        unanswered = .lock(token, isLocked)
        let verb = isLocked ? "lock" : "unlock"
        let answer = try change(client, "POST", "/tokens/\(token)/\(verb)", nil, expecting: 200)
        guard (answer["locked"] as? Bool ?? false) == isLocked else {
            throw KillViolation("\(verb) of token \(token) was answered \(answer)")
        }
        if isLocked { locked.insert(token) } else { locked.remove(token) }
    }

    private mutating func transfer(_ client: TestClient) throws {
        guard let license = owned.randomElement(using: &random) else { return }
        let unit = Self.device(number, licenses[license]?.owner == Self.device(number, 0) ? 1 : 0)
        let grace = random.isTrue(0.5) ? 3600 : 0
        unanswered = .transfer(license, to: unit)
        let body = "{\"to\":\"\(unit)\",\"graceSeconds\":\(grace)}"
        let answer = try change(client, "POST", "/licenses/\(license)/transfer", body, expecting: 200)
        guard answer["owner"] as? String == unit else {
            throw KillViolation("license \(license) to \(unit) was answered \(answer)")
        }
        licenses[license]?.owner = unit
    }

    private func change(
        _ client: TestClient,
        _ method: String,
        _ path: String,
        _ body: String?,
        expecting status: Int
    ) throws -> [String: Any] {
        let answer = try client.call(method, AdminPlane.lab() + path, body)
        guard answer.status == status else {
            throw KillViolation("\(method) \(path) \(body ?? "") was answered \(answer.status) \(answer.text)")
        }
        return answer.object
    }

    /// What an operator names itself is unlike what the lab draws and what the units' ledgers hold.
    private static func license(_ number: Int, _ index: Int) -> String { "EFTM9\(number)" + padded("\(index)", 10) }
    private static func device(_ number: Int, _ index: Int) -> String { "FGT61E\(number)" + padded("\(index)", 9) }
    private static func padded(_ text: String, _ width: Int) -> String {
        String(repeating: "0", count: max(0, width - text.count)) + text
    }
}
