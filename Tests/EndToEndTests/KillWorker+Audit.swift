import TestKit

/// Holding the server to the ledger.
extension KillWorker {
    /// Finds out what became of what was under way; both outcomes are right, but never half of one.
    mutating func settleUnanswered(_ client: TestClient) throws {
        for index in ledger.licenses.indices where ledger.licenses[index].redemption == .unanswered {
            try redeem(index, client)
        }
        switch ledger.unanswered {
        case .provision(let tokens): try settleProvision(tokens, client)
        case .claim(let token, let issue):
            let name = try states(of: [token], client)[token]
            guard name == "pending" || name == "provisioned" else {
                throw KillViolation("token \(token), claimed without an answer, is \(name ?? "unknown")")
            }
            ledger.tokens[token] = name == "pending" ? .pending(issue) : .provisioned(issue)
        case nil: break
        }
        ledger.unanswered = nil
    }

    private mutating func settleProvision(_ tokens: [String], _ client: TestClient) throws {
        let names = try states(of: tokens, client)
        var happened: [String: Bool] = [:]
        for token in tokens {
            switch ledger.tokens[token] {
            case .available, .provisioned:
                // A new seed makes either of them pending.
                happened[token] = names[token] == "pending"
            case .pending(let issue):
                // Pending before and after: the old code tells.
                let isOld = try isGranted(issue, of: token, client)
                happened[token] = !isOld
                if isOld { ledger.tokens[token] = .provisioned(issue) }
            case .pendingUnknown, nil: break
            }
        }
        guard Set(happened.values).count <= 1 else {
            throw KillViolation("half of one request's tokens were provisioned: \(happened)")
        }
        guard happened.values.first == true else { return }
        for token in tokens {
            retire(token)
            ledger.tokens[token] = .pendingUnknown
        }
    }

    /// Holds every token's state against the ledger.
    mutating func auditStates(_ client: TestClient) throws {
        let serials = ledger.tokens.keys.sorted()
        for start in stride(from: 0, to: serials.count, by: 500) {
            let part = Array(serials[start..<min(start + 500, serials.count)])
            let names = try states(of: part, client)
            for token in part where names[token] != ledger.tokens[token]?.name {
                let expected = ledger.tokens[token]?.name ?? "nothing"
                throw KillViolation("token \(token) is \(names[token] ?? "unknown"), not \(expected)")
            }
        }
    }

    /// Redeems a few licenses again, and a few codes that were answered.
    mutating func auditSample(_ client: TestClient) throws {
        let redeemed = ledger.licenses.indices.filter { ledger.licenses[$0].redemption != .untouched }
        for index in redeemed.shuffled(using: &random).prefix(3) { try redeem(index, client) }
        let serials = ledger.tokens.keys.sorted().shuffled(using: &random)
        for token in serials.prefix(5) { try auditCode(of: token, client) }
        for code in ledger.retired.suffix(2) { try auditRetired(code, client) }
    }

    /// Holds the server to everything: every license, every code, every code that was replaced.
    mutating func auditAll(on server: ServerProcess) throws {
        let client = try server.connect()
        try settleUnanswered(client)
        try auditStates(client)
        for index in ledger.licenses.indices where ledger.licenses[index].redemption != .untouched {
            try redeem(index, client)
        }
        for token in ledger.tokens.keys.sorted() { try auditCode(of: token, client) }
        for code in ledger.retired { try auditRetired(code, client) }
        try auditStates(client)
    }

    /// A token's last answered code must work: for the first time, or again for the phone that has it.
    private mutating func auditCode(of token: String, _ client: TestClient) throws {
        switch ledger.tokens[token] {
        case .pending(let issue), .provisioned(let issue): try claim(token, issue, client)
        case .available, .pendingUnknown, nil: break
        }
    }

    private mutating func auditRetired(_ code: String, _ client: TestClient) throws {
        let issue = KillLedger.Issue(code: code, seed: WireMessage.seed)
        guard try !isGranted(issue, of: "of a retired code", client) else {
            throw KillViolation("a code that another replaced still works")
        }
    }

    private mutating func states(of tokens: [String], _ client: TestClient) throws -> [String: String] {
        let d = try ask(client, WireMessage.polling(tokens, by: ledger.serial))
        var names: [String: String] = [:]
        for entry in (d["tokens"] as? [[String: Any]]) ?? [] {
            guard let token = entry["token"] as? String, let status = entry["status"] as? String else {
                throw KillViolation("\(ledger.serial): a poll answered \(entry)")
            }
            names[token] = status
        }
        return names
    }
}
