import Documents
package import Faults
import FoundationEssentials
package import IO
import Notation
import Synchronization

/// A lab's fault rules, shared by every loop.
///
/// Where no lab of the process has a rule, a stage's question is one load and one branch (``areAny``).
package final class LabFaults: Sendable {
    /// How many labs of the process have rules.
    private static let inForce = Atomic(0)

    /// Whether any lab of the process has a rule.
    package static var areAny: Bool { inForce.load(ordering: .relaxed) != 0 }

    private let clock: LabClock
    private let book: Monitor<RuleBook>
    private let needs = Atomic<UInt8>(0)

    /// What the rules in force need, in one word.
    private enum Need {
        static let rules: UInt8 = 1
        static let bindings: UInt8 = 2
        static let fingerprints: UInt8 = 4
        static let licenses: UInt8 = 8
        static let answers: UInt8 = 16
        static let exchanges: UInt8 = 32
    }

    /// No rules yet; chance comes from the lab's seed.
    init(seed: UInt64, clock: LabClock) {
        self.clock = clock
        book = Monitor(RuleBook(seed: seed) { clock.now })
    }

    deinit {
        if !isEmpty { Self.inForce.subtract(1, ordering: .relaxed) }
    }

    // MARK: What connections ask

    /// Whether there is no rule.
    package var isEmpty: Bool { needs.load(ordering: .acquiring) == 0 }
    /// Whether an address has to tell any rule the unit.
    package var needsBindings: Bool { needs.load(ordering: .acquiring) & Need.bindings != 0 }
    /// Whether any rule matches on a fingerprint.
    package var needsFingerprints: Bool { needs.load(ordering: .acquiring) & Need.fingerprints != 0 }
    /// Whether any rule matches on a license.
    package var needsLicenses: Bool { needs.load(ordering: .acquiring) & Need.licenses != 0 }
    /// Whether any rule needs to know what a request says.
    package var needsExchanges: Bool { needs.load(ordering: .acquiring) & Need.exchanges != 0 }
    /// Whether any rule repeats answers.
    package var remembersAnswers: Bool { needs.load(ordering: .acquiring) & Need.answers != 0 }

    /// What to do with a connection that knows `facts` and has reached `stage`; nil for nothing.
    package func plan(at stage: Stage, _ facts: Facts) -> Plan? {
        guard !isEmpty else { return nil }
        let now = clock.now
        return book.withLock { $0.plan(at: stage, facts, now: now) }
    }

    /// Notes who spoke from an address.
    package func note(_ exchange: ExchangeFacts, from address: SocketAddress.Host) {
        book.withLock { $0.note(exchange, from: address) }
    }

    /// The answer that went to this unit before, to a request of this kind.
    package func previousAnswer(to exchange: ExchangeFacts) -> [UInt8]? {
        book.withLock { $0.previousAnswer(to: exchange) }
    }

    /// Remembers an answer as it went out.
    package func remember(_ answer: [UInt8], to exchange: ExchangeFacts) {
        book.withLock { $0.remember(answer, to: exchange) }
    }

    /// A rule acted in vain: what it wanted to change was not there.
    package func missed(_ rule: String, because reason: String) {
        book.withLock { $0.missed(rule, because: reason) }
    }

    /// The names of the listeners that refuse to be connected to; nil among them stands for all of the lab's.
    package var refusedListeners: Set<String?> {
        let now = clock.now
        return book.withLock { $0.refusedListeners(at: now) }
    }

    // MARK: What operators do

    /// The rules in force with their counters, the first first.
    package var rules: [RuleState] {
        change { _ in }
        return book.withLock { $0.rules }
    }

    /// Whether a rule has this name, or had it and is gone.
    package func hasHad(_ name: String) -> Bool { book.withLock { $0.hasHad(name) } }

    /// Puts a rule behind the others; the rule as it is in force is returned.
    ///
    /// `notes` say what of it looks like a slip; `known` says who spoke from which address before, the oldest first,
    /// for a rule that an address has to tell the unit. Throws a ``RuleDefect``.
    package func add(
        _ rule: Rule,
        notes: [String] = [],
        knowing known: [(exchange: ExchangeFacts, address: SocketAddress.Host)] = []
    ) throws(RuleDefect) -> Rule {
        let now = clock.now
        let result = change { book in
            let isFirst = !book.needsBindings
            let result = Result { () throws(RuleDefect) in try book.add(rule, now: now, notes: notes) }
            guard case .success = result else { return result }
            if isFirst, book.needsBindings {
                for (exchange, address) in known { book.note(exchange, from: address) }
            }
            book.noteUnbound(rule)
            return result
        }
        return try result.get()
    }

    /// Takes a rule away; false where there is none of this name.
    package func remove(_ name: String) -> Bool { change { $0.remove(name) } }

    /// Takes all away.
    package func removeAll() { change { $0.removeAll() } }

    /// Changes the rules, and takes away those whose time is over.
    private func change<Result>(_ body: (inout RuleBook) -> Result) -> Result {
        let now = clock.now
        return book.withLock { book in
            let result = body(&book)
            _ = book.expire(at: now)
            let before = needs.load(ordering: .relaxed)
            let after = Self.needs(of: book)
            needs.store(after, ordering: .releasing)
            if before == 0, after != 0 { Self.inForce.add(1, ordering: .relaxed) }
            if before != 0, after == 0 { Self.inForce.subtract(1, ordering: .relaxed) }
            return result
        }
    }

    private static func needs(of book: RuleBook) -> UInt8 {
        guard !book.rules.isEmpty else { return 0 }
        return Need.rules | (book.needsBindings ? Need.bindings : 0) | (book.needsFingerprints ? Need.fingerprints : 0)
            | (book.needsLicenses ? Need.licenses : 0) | (book.remembersAnswers ? Need.answers : 0)
            | (book.needsExchanges ? Need.exchanges : 0)
    }
}

/// The rules that people added to a lab, as a file in its folder: what a restart may bring back, or at least name.
///
/// A line a rule: when it ends, in seconds of the lab's clock, or a dash, a blank, and the rule in JSON.
package struct RuleShelf: Sendable {
    private let folder: LabFolder

    /// A shelf in the labs' folders.
    package init(_ folder: LabFolder) {
        self.folder = folder
    }

    /// Keeps these rules in the place of those before; blocks its caller's thread for a write.
    package func keep(_ states: [RuleState], of lab: Lab) throws(SystemError) {
        let path = folder.rules(of: lab)
        guard !states.isEmpty else {
            try? FileManager.default.removeItem(atPath: path)
            return
        }
        var bytes: [UInt8] = []
        for state in states {
            bytes += "\(state.expires.map { "\($0)" } ?? "-") ".utf8
            state.rule.value.append(to: &bytes)
            bytes.append(0x0A)
        }
        try File.replace(path, with: bytes, mode: 0o600)
    }

    /// The rules that were kept, each with what is left of its time; those whose time is over are left out.
    ///
    /// A line that can't be read, which nobody but a person wrote, is passed over.
    package func rules(of lab: Lab) throws(SystemError) -> [Rule] {
        let path = folder.rules(of: lab)
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        let now = lab.clock.now
        return try File.read(path, limit: Self.sizeLimit).split(separator: 0x0A)
            .compactMap { line in
                let parts = line.split(separator: 0x20, maxSplits: 1)
                guard parts.count == 2,
                    let rule = try? RuleDocument.readOne(Array(parts[1]), as: .json, while: { true })
                else {
                    return nil
                }
                guard let expires = Int64(String(decoding: parts[0], as: UTF8.self)) else { return rule }
                return expires > now ? rule.lasting(expires - now) : nil
            }
    }

    /// As many rules as a lab may have, each as large as one may be.
    private static let sizeLimit = 256 << 20
}
