import Foundation
import TestKit

/// Who moves the lab's clock, over one connection until the server is killed, and knows where it was left.
struct KillClock: Sendable {
    /// A clock as it is answered.
    struct Setting: Sendable, Equatable {
        let seconds: Int
        let certificates: String
    }

    /// Where the last answered change put it.
    private(set) var answered: Setting
    /// How many changes were answered.
    private(set) var count = 0
    /// Whether the last run ended because the connection was cut.
    private(set) var isCut = false
    private var unanswered: Setting?
    private var random: SeededRandom

    /// Where it is put: less than an hour ahead.
    ///
    /// The lab's certificates begin an hour before its clock, and clients of the data plane go by the host's. No
    /// activation code runs out in it.
    private let range: ClosedRange<Int>

    private static let path = AdminPlane.lab() + "/clock"

    /// A clock that stands where the host's stands now, once the first change is made.
    init(random: SeededRandom) {
        self.random = random
        let now = Int(Date.now.timeIntervalSince1970)
        range = now...now + 3000
        answered = Setting(seconds: now, certificates: "host")
    }

    /// Freezes the clock where this one stands, so that every change can be told from every other.
    mutating func freeze(on server: ServerProcess) throws {
        try put(answered, TestClient.admin(of: server))
    }

    /// Moves the clock until the server is killed.
    mutating func run(on server: ServerProcess) throws {
        isCut = false
        do {
            let client = try TestClient.admin(of: server)
            while true {
                let seconds = random.number(1...3)
                if random.isTrue(0.5) {
                    let next = Setting(seconds: answered.seconds + seconds, certificates: answered.certificates)
                    try move(to: next, client, "POST", "/advance", "{\"seconds\":\(seconds)}")
                } else {
                    // Both at once: half of such a change would be the moment without the certificates.
                    let certificates = answered.certificates == "host" ? "lab" : "host"
                    try put(Setting(seconds: random.number(range), certificates: certificates), client)
                }
            }
        } catch let error as TestClientError {
            switch error {
            case .timedOut, .notHTTP, .tls: throw KillViolation("the clock: \(error)")
            case .system, .ended, .reset: isCut = true
            }
        }
    }

    /// Holds the clock that a new start shows against what was answered; both outcomes of an open change are right.
    mutating func audit(on server: ServerProcess) throws {
        let answer = try TestClient.admin(of: server).call("GET", Self.path)
        let found = try Self.setting(answer)
        guard answer.object["mode"] as? String == "frozen", found == answered || found == unanswered else {
            let open = unanswered.map { ", or open at \($0)" } ?? ""
            throw KillViolation("the clock stood at \(answered)\(open), and is \(answer.text)")
        }
        answered = found
        unanswered = nil
    }

    private mutating func put(_ next: Setting, _ client: TestClient) throws {
        let now = Date(timeIntervalSince1970: TimeInterval(next.seconds)).formatted(.iso8601)
        try move(
            to: next,
            client,
            "PUT",
            "",
            "{\"mode\":\"frozen\",\"now\":\"\(now)\",\"certificates\":\"\(next.certificates)\"}"
        )
    }

    private mutating func move(
        to next: Setting,
        _ client: TestClient,
        _ method: String,
        _ path: String,
        _ body: String
    ) throws {
        unanswered = next
        let answer = try client.call(method, Self.path + path, body)
        guard answer.status == 200, try Self.setting(answer) == next else {
            throw KillViolation("\(body) to the clock was answered \(answer.status) \(answer.text)")
        }
        answered = next
        unanswered = nil
        count += 1
    }

    private static func setting(_ answer: HTTPAnswer) throws -> Setting {
        guard let now = answer.object["now"] as? String, let date = try? Date(now, strategy: .iso8601),
            let certificates = answer.object["certificates"] as? String
        else { throw KillViolation("the clock was answered \(answer.status) \(answer.text)") }
        return Setting(seconds: Int(date.timeIntervalSince1970), certificates: certificates)
    }
}
