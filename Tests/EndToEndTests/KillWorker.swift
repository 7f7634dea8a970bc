import Foundation
import TestKit

/// One unit and its phone: asks over one connection, keeps the ledger, and holds the server to it after each restart.
struct KillWorker: Sendable {
    var ledger: KillLedger
    var random: SeededRandom
    /// Why this worker lost its connection; nil while it has it.
    private(set) var isCut = false

    /// A worker for the unit with this number.
    init(unit: Int, licenses: Int, random: SeededRandom) {
        ledger = KillLedger(unit: unit, licenses: licenses)
        self.random = random
    }

    /// Audits what the last kill left, then redeems, provisions and claims until the server is killed.
    ///
    /// Throws a ``KillViolation`` where the server has lost or halved something.
    mutating func run(on server: ServerProcess) throws {
        isCut = false
        do {
            let client = try server.connect()
            try settleUnanswered(client)
            try auditStates(client)
            try auditSample(client)
            while true { try step(client) }
        } catch let error as TestClientError {
            // A server that is killed cuts the connection anywhere; one that only falls silent is stuck.
            switch error {
            case .timedOut, .notHTTP: throw KillViolation("\(ledger.serial): \(error)")
            case .system, .ended, .reset, .tls: isCut = true
            }
        }
    }

    /// Posts and returns the answer's `d`; an answer other than 200 is a violation.
    mutating func ask(_ client: TestClient, _ body: String, at path: String = TestClient.process) throws -> [String:
        Any]
    {
        let answer = try client.post(body, to: path)
        let object = (try? JSONSerialization.jsonObject(with: Data(answer.body))) as? [String: Any]
        guard answer.status == 200, let d = object?["d"] as? [String: Any] else {
            throw KillViolation("\(ledger.serial): \(answer.status) \(answer.text) to \(body)")
        }
        ledger.answered += 1
        return d
    }

    // MARK: - The daily round

    private mutating func step(_ client: TestClient) throws {
        let next = ledger.licenses.firstIndex { $0.redemption != .untouched ? false : true }
        if let next, ledger.tokens.isEmpty || random.isTrue(0.1) { return try redeem(next, client) }
        let serials = ledger.tokens.keys.sorted()
        guard random.isTrue(0.6), let pending = pendingToken(among: serials) else {
            let count = random.number(1...min(6, serials.count))
            return try provision(Array(serials.shuffled(using: &random).prefix(count)), client)
        }
        try claim(pending.token, pending.issue, client)
    }

    private mutating func pendingToken(among serials: [String]) -> (token: String, issue: KillLedger.Issue)? {
        for serial in serials.shuffled(using: &random).prefix(8) {
            if case .pending(let issue) = ledger.tokens[serial] { return (serial, issue) }
        }
        return nil
    }

    /// Redeems a license and enters its tokens; once more for one that was redeemed before.
    mutating func redeem(_ index: Int, _ client: TestClient) throws {
        let license = ledger.licenses[index]
        if license.redemption == .untouched { ledger.licenses[index].redemption = .unanswered }
        let d = try ask(client, WireMessage.activation(license.code, by: ledger.serial))
        let tokens = ((d["tokens"] as? [[String: Any]]) ?? []).compactMap { $0["token"] as? String }
        guard d["result"] as? Int == 1, tokens.count == license.size, Set(tokens).count == license.size else {
            throw KillViolation("license \(license.code) of \(license.size) answered \(d)")
        }
        if case .answered(let before) = license.redemption, before != tokens {
            throw KillViolation("license \(license.code) answered \(before), after a kill \(tokens)")
        }
        ledger.licenses[index].redemption = .answered(tokens)
        for token in tokens where ledger.tokens[token] == nil { ledger.tokens[token] = .available }
    }

    /// Lodges one seed for several tokens in one request, and enters their codes.
    mutating func provision(_ tokens: [String], _ client: TestClient) throws {
        let seed = random.bytes(20).map { String(format: "%02X", $0) }.joined()
        ledger.unanswered = .provision(tokens)
        let d = try ask(client, WireMessage.provision(tokens, by: ledger.serial, seed: seed))
        ledger.unanswered = nil
        let entries = (d["tokens"] as? [[String: Any]]) ?? []
        guard entries.count == tokens.count else { throw KillViolation("\(tokens.count) tokens answered \(d)") }
        for (token, entry) in zip(tokens, entries) {
            guard entry["token"] as? String == token, let code = entry["token_activation_code"] as? String else {
                throw KillViolation("token \(token) answered \(entry)")
            }
            retire(token)
            ledger.tokens[token] = .pending(KillLedger.Issue(code: code, seed: seed))
        }
    }

    /// Notes that a token's code, if it has one, holds no more.
    mutating func retire(_ token: String) {
        switch ledger.tokens[token] {
        case .pending(let issue), .provisioned(let issue): ledger.retired.append(issue.code)
        case .available, .pendingUnknown, nil: break
        }
    }

    /// Redeems a code that must hold.
    mutating func claim(_ token: String, _ issue: KillLedger.Issue, _ client: TestClient) throws {
        ledger.unanswered = .claim(token, issue)
        guard try isGranted(issue, of: token, client) else {
            throw KillViolation("token \(token): its last answered code was refused")
        }
        ledger.unanswered = nil
        ledger.tokens[token] = .provisioned(issue)
    }

    /// Redeems a code; false where it is refused as invalid.
    ///
    /// What is granted must be the token and its very seed.
    mutating func isGranted(_ issue: KillLedger.Issue, of token: String, _ client: TestClient) throws -> Bool {
        let digits = WireMessage.digits(ofActivationCode: issue.code)
        let d = try ask(client, WireMessage.mobile(digits, phone: ledger.phone), at: TestClient.mobile)
        if let error = d["error"] as? [String: Any] {
            guard error["error_code"] as? Int == 40 else { throw KillViolation("token \(token): claim answered \(d)") }
            return false
        }
        let sealed = Sealing.base64(ofSeed: issue.seed, forPhone: ledger.phone)
        guard d["token"] as? String == token, d["seed"] as? String == sealed else {
            throw KillViolation("token \(token): the claim gave another token or seed")
        }
        return true
    }
}
