import IO
import Notation
import SoftToken

/// What a rule matches: everything that it names must hold, and naming nothing matches all.
package struct RuleMatch: Sendable {
    /// One thing that must hold.
    struct Condition: Sendable {
        let key: RuleKey
        let text: String
        let test: Test
    }

    /// How a condition is tested.
    enum Test: Sendable {
        /// Equal to the text.
        case equal
        /// Beginning with this.
        case prefix(String)
        /// Ending in this, which it is not itself.
        case suffix(String)
        /// An address of the block.
        case block(AddressBlock)
    }

    let conditions: [Condition]

    /// The keys that it names.
    package var keys: [RuleKey] { conditions.map(\.key) }

    /// What it matches where the rule leaves a key out.
    package var isForAll: Bool { conditions.isEmpty }

    /// Reads `when`.
    ///
    /// Throws a ``RuleDefect`` whose path begins at `when`.
    init(_ members: [JSONValue.Member]) throws(RuleDefect) {
        var conditions: [Condition] = []
        for member in members where member.value != .null {
            guard let key = RuleKey(rawValue: member.name) else {
                let known = RuleKey.allCases.map(\.rawValue).joined(separator: ", ")
                throw RuleDefect("when.\(member.name)", "a rule matches on \(known)")
            }
            guard case .string(let text) = member.value else {
                throw RuleDefect("when.\(member.name)", "it is \(member.value.kindName), not a string")
            }
            guard !text.isEmpty else {
                throw RuleDefect("when.\(member.name)", "it is an empty string; leave it out to match on anything")
            }
            guard !conditions.contains(where: { $0.key == key }) else {
                throw RuleDefect("when.\(member.name)", "it is given twice")
            }
            let wanted = Self.compared(text, as: key)
            if let reason = RuleForms.reason(against: wanted, as: key) {
                throw RuleDefect("when.\(member.name)", reason)
            }
            conditions.append(Condition(key: key, text: wanted, test: Self.test(key, wanted)))
        }
        self.conditions = conditions
    }

    /// How a text is tested that is one of its key's.
    private static func test(_ key: RuleKey, _ text: String) -> Test {
        switch key {
        case .client:
            guard let block = AddressBlock(text) else { preconditionFailure("\(text) was judged to be a block") }
            return .block(block)
        case .sni: return text.hasPrefix("*.") ? .suffix(String(text.dropFirst())) : .equal
        case .serial, .path: return text.hasSuffix("*") ? .prefix(String(text.dropLast())) : .equal
        case .listener, .ja4, .license, .token, .message: return .equal
        }
    }

    /// The text as it is compared: a ClientHello's name without regard to case (RFC 4343) or a dot at its end, a
    /// fingerprint in lower case.
    private static func compared(_ text: String, as key: RuleKey) -> String {
        switch key {
        case .sni: RuleForms.serverName(text)
        case .ja4: text.lowercased()
        case .listener, .client, .serial, .license, .token, .message, .path: text
        }
    }

    /// The text for a key; nil where the rule does not name it.
    package func text(of key: RuleKey) -> String? { conditions.first { $0.key == key }?.text }

    /// The conditions that do not hold of the facts, and whether an address had to tell.
    func judge(_ facts: borrowing Facts, _ bindings: borrowing AddressBindings) -> RuleJudgement {
        var judgement = RuleJudgement()
        for condition in conditions {
            if condition.key.isBoundByAddress, facts.exchange == nil {
                judge(condition, by: bindings.speaker(at: facts.client), into: &judgement)
            } else if !holds(condition, of: facts) {
                judgement.failing.append((condition.key, "\(condition.key.rawValue) is another"))
            }
        }
        return judgement
    }

    private func judge(_ condition: Condition, by speaker: AddressBindings.Speaker, into judgement: inout RuleJudgement)
    {
        // An address that can't tell is one reason, however many conditions ask it.
        func fail(_ reason: String) {
            guard !judgement.failing.contains(where: { $0.reason == reason }) else { return }
            judgement.failing.append((condition.key, reason))
        }
        switch speaker {
        case .nobody: fail("no unit has spoken from the address yet")
        case .several: fail("several units have spoken from the address")
        case .unit(let unit):
            if Self.holds(condition, of: unit) {
                judgement.boundBy = "address"
            } else {
                judgement.failing.append((condition.key, "\(condition.key.rawValue) is another"))
            }
        }
    }

    /// Whether an address that speaks for this unit tells the rule that it is meant.
    func isMeant(_ unit: AddressBindings.Unit) -> Bool {
        conditions.allSatisfy { !$0.key.isBoundByAddress || Self.holds($0, of: unit) }
    }

    private static func holds(_ condition: Condition, of unit: AddressBindings.Unit) -> Bool {
        switch condition.key {
        case .license: unit.licenses.contains(condition.text)
        case .token: unit.tokens.contains(condition.text)
        default: condition.test.holds(of: unit.serial, condition.text)
        }
    }

    private func holds(_ condition: Condition, of facts: borrowing Facts) -> Bool {
        let test = condition.test
        return switch condition.key {
        case .client: if case .block(let block) = test { block.contains(facts.client) } else { false }
        case .listener: facts.listener == condition.text
        case .sni: facts.serverName.map { test.holds(of: RuleForms.serverName($0), condition.text) } ?? false
        // A protocol's name may bring capitals into it.
        case .ja4: facts.ja4?.lowercased() == condition.text
        case .serial: facts.exchange?.serial.map { test.holds(of: $0, condition.text) } ?? false
        case .license: facts.exchange?.licenses.contains(condition.text) ?? false
        case .token: facts.exchange?.tokens.contains(condition.text) ?? false
        case .message: facts.exchange?.message == condition.text
        case .path: facts.exchange.map { test.holds(of: $0.path, condition.text) } ?? false
        }
    }
}

extension RuleMatch.Test {
    func holds(of found: String, _ text: String) -> Bool {
        switch self {
        case .equal: found == text
        case .prefix(let prefix): found.hasPrefix(prefix)
        case .suffix(let suffix): found.hasSuffix(suffix) && found != suffix
        case .block: false
        }
    }
}

/// What a rule's conditions came to.
struct RuleJudgement {
    /// Those that do not hold, and why.
    var failing: [(key: RuleKey, reason: String)] = []
    /// `address` where only the address could tell.
    var boundBy: String?
}

/// What a rule may match on.
package enum RuleKey: String, Sendable, CaseIterable {
    /// The listener's name.
    case listener
    /// The server name of the ClientHello.
    case sni
    /// The source address.
    case client
    /// The ClientHello's fingerprint.
    case ja4
    /// The requesting unit.
    case serial
    /// A license that the request is about.
    case license
    /// A token that the request names.
    case token
    /// The message's type.
    case message
    /// The request's path.
    case path

    /// The first stage at which it is seen.
    var knownAt: Stage {
        switch self {
        case .listener, .client: .accept
        case .sni, .ja4: .hello
        case .serial, .license, .token, .message, .path: .request
        }
    }

    /// Whether a rule that is asked at a stage at the latest may match on it.
    package func isKnown(at stage: Stage) -> Bool { knownAt <= stage || isBoundByAddress }

    /// Whether the source address can tell it earlier.
    var isBoundByAddress: Bool {
        switch self {
        case .serial, .license, .token: true
        case .listener, .sni, .client, .ja4, .message, .path: false
        }
    }
}
