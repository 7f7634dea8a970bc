package import IO
import Notation

/// A lab's rules, in their order, with their counters.
///
/// A value that decides: whoever shares it among threads guards it. The same rules, seed and questions in the same
/// order give the same decisions.
package struct RuleBook: Sendable {
    /// The rules in force, the first first.
    package private(set) var rules: [RuleState] = []
    private let seed: UInt64
    private let clock: @Sendable () -> Int64
    private var lastNumber = 0
    private var bindings = AddressBindings()
    private var previous: [PreviousKey: [UInt8]] = [:]
    private var formerNames: Set<String> = []

    private struct PreviousKey: Hashable {
        let serial: String
        let message: String
    }

    /// How many rules a lab may have.
    package static let limit = 1_000
    /// How many answers are remembered for those that repeat them.
    private static let previousLimit = 10_000
    /// How many names of rules that are gone are remembered.
    private static let formerLimit = 10_000

    /// No rules; chance comes from the lab's seed.
    ///
    /// `clock` is the lab's, in seconds, for those whom a rule makes wait beyond its time; every decision is given its
    /// moment.
    package init(seed: UInt64, clock: @escaping @Sendable () -> Int64 = { .min }) {
        self.seed = seed
        self.clock = clock
    }

    // MARK: Rules come and go

    /// Puts a rule behind the others, under its own name or one made of its effect's.
    ///
    /// `now` is in seconds of the lab's clock. Returns the rule under its name; throws a ``RuleDefect`` where the name
    /// is taken or there are too many.
    package mutating func add(_ rule: Rule, now: Int64, notes: [String] = []) throws(RuleDefect) -> Rule {
        guard rules.count < Self.limit else { throw RuleDefect("", "a lab has at most \(Self.limit) rules") }
        guard rule.name.isEmpty || !has(rule.name) else {
            throw RuleDefect("name", "a rule is called \(rule.name) already")
        }
        let named = rule.name.isEmpty ? rule.named(freeName(for: rule.effect.name)) : rule
        lastNumber += 1
        let shadow = rules.first { $0.rule.shadows(named) }
            .map { "the rule \($0.rule.name), which stands before it, leaves it nothing to act on" }
        let all = named.notes + notes + (shadow.map { [$0] } ?? [])
        rules.append(RuleState(named, number: lastNumber, now: now, clock: clock, notes: all))
        return named
    }

    /// Takes a rule away; false where there is none of this name.
    package mutating func remove(_ name: String) -> Bool {
        take { $0.rule.name == name }
    }

    /// Takes all away.
    package mutating func removeAll() {
        _ = take { _ in true }
    }

    /// Takes away those whose time is over; whether there were any.
    package mutating func expire(at now: Int64) -> Bool {
        take { $0.expires.map { $0 <= now } ?? false }
    }

    /// Takes away those that are meant, and lets go on whom they make wait; whether there were any.
    private mutating func take(where isMeant: (RuleState) -> Bool) -> Bool {
        let taken = rules.filter(isMeant)
        guard !taken.isEmpty else { return false }
        rules.removeAll(where: isMeant)
        if formerNames.count + taken.count > Self.formerLimit { formerNames.removeAll() }
        for state in taken { formerNames.insert(state.rule.name) }
        dropWhatNobodyNeeds()
        for state in taken { state.term.end() }
        return true
    }

    /// Whether a rule has this name.
    package func has(_ name: String) -> Bool { rules.contains { $0.rule.name == name } }

    /// Whether a rule has this name, or had it and is gone: a name that none ever had is a slip in a question.
    package func hasHad(_ name: String) -> Bool { has(name) || formerNames.contains(name) }

    private func freeName(for effect: String) -> String {
        var number = 1
        while has("\(effect)-\(number)") { number += 1 }
        return "\(effect)-\(number)"
    }

    private mutating func dropWhatNobodyNeeds() {
        if !needsBindings { bindings = AddressBindings() }
        if !remembersAnswers { previous.removeAll() }
    }

    // MARK: What rules need to know

    /// Whether an address has to tell any of them the unit.
    package var needsBindings: Bool { rules.contains { $0.rule.needsBinding } }
    /// Whether any of them matches on a fingerprint.
    package var needsFingerprints: Bool { rules.contains { $0.rule.match.keys.contains(.ja4) } }
    /// Whether any of them matches on a license.
    package var needsLicenses: Bool { rules.contains { $0.rule.match.keys.contains(.license) } }
    /// Whether any of them matches on what only a request says, or repeats its answer.
    package var needsExchanges: Bool {
        remembersAnswers || rules.contains { $0.rule.match.keys.contains { $0.knownAt == .request } }
    }
    /// Whether any of them repeats answers.
    package var remembersAnswers: Bool { rules.contains { $0.rule.action.needsPreviousAnswer } }

    /// Notes of the rule that was added last that no address tells its unit yet, where one has to.
    package mutating func noteUnbound(_ rule: Rule) {
        guard rule.needsBinding, let last = rules.indices.last, !bindings.contains({ rule.match.isMeant($0) }) else {
            return
        }
        rules[last].notes
            .append(
                "it is asked at \(rule.stage.rawValue), before a request names its unit, and is bound to no address yet: it acts "
                    + "on later connections from an address that such a unit has spoken from"
            )
    }

    /// Notes who spoke from an address, for the connections that come from it later.
    package mutating func note(_ exchange: ExchangeFacts, from address: SocketAddress.Host) {
        bindings.note(exchange, from: address)
    }

    /// The answer that went to this unit before, to a request of this kind.
    package func previousAnswer(to exchange: ExchangeFacts) -> [UInt8]? {
        guard let key = Self.key(of: exchange) else { return nil }
        return previous[key]
    }

    /// Remembers an answer as it went out.
    package mutating func remember(_ answer: [UInt8], to exchange: ExchangeFacts) {
        guard let key = Self.key(of: exchange) else { return }
        if previous.count >= Self.previousLimit, previous[key] == nil { previous.removeAll() }
        previous[key] = answer
    }

    private static func key(of exchange: ExchangeFacts) -> PreviousKey? {
        guard let serial = exchange.serial, let message = exchange.message else { return nil }
        return PreviousKey(serial: serial, message: message)
    }

    // MARK: Decisions

    /// The names of the listeners that refuse to be connected to; nil among them stands for all of the lab's.
    package func refusedListeners(at now: Int64) -> Set<String?> {
        Set(
            rules.filter { $0.rule.stage == .listener && !($0.expires.map { $0 <= now } ?? false) }
                .map { $0.rule.match.text(of: .listener) }
        )
    }

    /// What to do with a connection that knows `facts` and has reached `stage`; nil for nothing.
    ///
    /// A rule's tests run in this order: match, `for`, `skip`, `probability`, `times`. At each stage every rule that
    /// matches acts, one for each effect, until one whose effect ends. What acts on records of the handshake is asked
    /// at the hello and ends the handshake: rules of the hello behind it still act.
    package mutating func plan(at stage: Stage, _ facts: borrowing Facts, now: Int64) -> Plan? {
        var plan = Plan()
        var effects: Set<String> = []
        var ended: Stage?
        for index in rules.indices where rules[index].rule.stage == stage {
            let rule = rules[index].rule
            let acting = stage == .hello && rule.effect.stages.contains(.handshake) ? .handshake : stage
            if let ended, ended <= acting { continue }
            if let expires = rules[index].expires, expires <= now { continue }
            let judgement = rule.match.judge(facts, bindings)
            guard judgement.failing.isEmpty else {
                noteMiss(judgement, at: index, of: facts, in: &plan)
                continue
            }
            guard effects.insert(rule.effect.name).inserted else {
                miss("another \(rule.effect.name) acted before it", at: index, in: &plan)
                continue
            }
            if let reason = pass(index) {
                effects.remove(rule.effect.name)
                miss(reason, at: index, in: &plan)
                continue
            }
            var draw = Draw(seed: seed, rule: rule.name, match: rules[index].matched)
            _ = draw.unit()
            let (records, edits) = (plan.handshake.records.count, plan.answer.edits.count)
            plan.term = rules[index].term
            rule.action.act(&plan, &draw)
            for record in records..<plan.handshake.records.count {
                plan.handshake.records[record].rule = rule.name
            }
            for edit in edits..<plan.answer.edits.count { plan.answer.edits[edit].rule = rule.name }
            plan.acted.append(Acted(rule: rule.name, boundBy: judgement.boundBy, at: stage))
            if rule.effect.ends { ended = min(ended ?? acting, acting) }
        }
        return plan.acted.isEmpty && plan.nearMisses.isEmpty ? nil : plan
    }

    /// Counts a match and says why the rule does not act on it, or nil where it does.
    private mutating func pass(_ index: Int) -> String? {
        let rule = rules[index].rule
        rules[index].matched += 1
        guard rules[index].matched > rule.skip else { return "it lets \(rule.skip) pass first" }
        if rule.probability < 1 {
            var draw = Draw(seed: seed, rule: rule.name, match: rules[index].matched)
            guard draw.unit() < rule.probability else { return "chance let it pass" }
        }
        guard !rules[index].isRetired else { return "it has acted \(Wording.count(rule.times ?? 0, "time"))" }
        rules[index].acted += 1
        return nil
    }

    /// A rule acted in vain: what it wanted to change was not there.
    package mutating func missed(_ name: String, because reason: String) {
        guard let index = rules.firstIndex(where: { $0.rule.name == name }) else { return }
        // Another rule may have the name by now.
        rules[index].acted = max(0, rules[index].acted - 1)
        rules[index].miss(reason)
    }

    private mutating func miss(_ reason: String, at index: Int, in plan: inout Plan) {
        rules[index].miss(reason)
        plan.nearMisses.append(NearMiss(rule: rules[index].rule.name, reason: reason))
    }

    /// Counts what did not hold.
    ///
    /// It is a near miss where it was the only thing, and the address could not tell.
    private mutating func noteMiss(
        _ judgement: RuleJudgement,
        at index: Int,
        of facts: borrowing Facts,
        in plan: inout Plan
    ) {
        guard let failing = judgement.failing.first, judgement.failing.count == 1 else {
            return rules[index].miss("more than one thing is another")
        }
        if failing.key.isBoundByAddress, facts.exchange == nil {
            miss(failing.reason, at: index, in: &plan)
        } else {
            rules[index].miss(failing.reason)
        }
    }
}
