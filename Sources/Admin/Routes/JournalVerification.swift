import Faults
import FoundationEssentials
import IO
import Journal
import Lab
import Notation
import Registry
import Server

/// An expectation about a journal, and how long it is watched.
///
/// What must come at least is waited for; what must not come more often is watched to the window's end, since it may
/// hold only until then.
struct JournalVerification: Sendable {
    /// How often the journal is counted while it is waited for.
    private static let interval = Duration.milliseconds(25)
    /// The longest wait, in seconds.
    private static let longest = 600.0

    private let filter: JournalFilter
    private let expectation: JournalExpectation
    /// What is counted; nil for what the filter, or what its rule acted on, suggests.
    private let unit: JournalUnit?
    private let patience: Duration
    private let lab: Lab
    private let call: AdminCall

    /// Reads the request; without a number, one at least is expected.
    private init(_ body: BodyFields, matching filter: JournalFilter, of lab: Lab, _ call: AdminCall) throws(Problem) {
        (self.filter, self.lab, self.call) = (filter, lab, call)
        let numbers = 0...1_000_000_000
        let given: [JournalExpectation] = [
            body.integer("times", in: numbers).map { .times($0) },
            body.integer("atLeast", in: numbers).map { .atLeast($0) },
            body.integer("atMost", in: numbers).map { .atMost($0) },
        ]
        .compactMap(\.self)
        if given.count > 1 { body.refuse("", "give one of times, atLeast and atMost") }
        expectation = given.first ?? .atLeast(1)
        unit = body.text("count", JournalRoutes.unitWords) { JournalUnit(rawValue: $0) }
        let seconds = (body.value("within") ?? 0).double
        if seconds == nil { body.refuse("within", "must be a number of seconds") }
        if let seconds, !(0...Self.longest).contains(seconds) {
            body.refuse("within", "must be from 0 to \(Int(Self.longest)) seconds")
        }
        patience = .milliseconds(Int64(try body.checked(seconds) * 1000))
    }

    /// Waits until the expectation holds or cannot hold any more, or for as long as it was given.
    static func answer(_ call: AdminCall) async throws -> AdminAnswer {
        let lab = try call.lab()
        let keys = ["where", "times", "atLeast", "atMost", "within", "count"]
        let body = try BodyFields(call.request, keys: keys)
        let filter = try await JournalFilter.asked(by: call, in: body)
        let verification = try JournalVerification(body, matching: filter, of: lab, call)
        try verification.refuseToWaitForNothing()
        let installation = call.installation
        let share = verification.patience > .zero ? try installation.waits.take(for: call.caller) : nil
        defer { withExtendedLifetime(share) {} }
        return try await verification.wait {
            installation.readiness.isReady && installation.labs[lab.name] === lab && call.caller?.isGone != true
        }
    }

    /// The host's clock, in milliseconds since 1970.
    private static var now: Int64 { Int64(Date.now.timeIntervalSince1970 * 1000) }

    /// Throws where an upper bound is of a time that begins only when nobody watches any more.
    private func refuseToWaitForNothing() throws(Problem) {
        let end = Self.now + Int64(patience / .milliseconds(1))
        guard expectation.isUpperBound, let reason = filter.reasonForNothing(at: end, latest: .max) else { return }
        throw Problem(reason)
    }

    /// Where the server stops, the lab is removed or the caller goes it does not wait: nothing more will come, or be
    /// read.
    private func wait(while isKept: () -> Bool) async throws -> AdminAnswer {
        let journal = lab.journal
        let deadline = Instant.now + patience
        let begin = journal.lastCleared
        var counted: UInt64?
        var count = try await count(beyond: begin)
        guard journal.isOn else {
            throw try await unknowable(count, "the journal is switched off (journal.entries is 0)")
        }
        while true {
            // Asked before it is counted: what comes while the copies are judged is counted the next time.
            let (latest, isOver) = (journal.latest, Instant.now >= deadline)
            if counted != latest || isOver {
                counted = latest
                count = try await self.count(beyond: begin)
            }
            switch expectation.standing(of: count.observed) {
            case .holds: return holds(count)
            case .isExceeded: throw try await refusal(count)
            case _ where expectation.isUpperBound && count.dropped > 0:
                let gone = "\(Self.entries(count.dropped)) of the span asked for are gone"
                throw try await unknowable(count, gone)
            case .holdsSoFar where isOver:
                guard let nothing = try await filter.reasonForNothing(in: lab, call, at: Self.now) else {
                    return holds(count)
                }
                throw try await unknowable(count, "nothing could match: \(nothing)", nothing)
            case .fails where isOver: throw try await refusal(count)
            case .holdsSoFar where !isKept(), .fails where !isKept():
                throw try await unknowable(count, "the time was not over when the lab went away")
            case .holdsSoFar, .fails: try await Task.sleep(for: Self.interval)
            }
        }
    }

    private func count(beyond begin: UInt64) async throws -> JournalCount {
        let rule = filter.rule.flatMap { name in lab.faults.rules.first { $0.rule.name == name }?.rule }
        let inForce = rule.map { $0.stage.isOfExchange ? JournalUnit.exchanges : .connections }
        let journal = lab.journal
        return try await call.aside(named: "journal") { [filter, unit] in
            journal.count(matching: filter, as: unit, inForce: inForce, beyond: begin)
        }
    }

    private static func entries(_ number: UInt64) -> String { Wording.count(Int(clamping: number), "entry", "entries") }

    private static func members(_ count: JournalCount) -> [JSONValue.Member] {
        [
            .init("observed", .integer(count.observed)), .init("counted", .string(count.unit.rawValue)),
            .init("dropped", .init(orNull: count.dropped)),
        ]
    }

    private func holds(_ count: JournalCount) -> AdminAnswer {
        .json(.object([.init("holds", .flag(true))] + Self.members(count)))
    }

    /// What was observed, what nearly matched, and what became of the rules that should have made it happen.
    private func refusal(_ count: JournalCount) async throws -> Problem {
        var detail = "\(matches(count)), not \(expectation.words)"
        if count.dropped > 0 {
            detail += "; \(Self.entries(count.dropped)) of the span asked for are gone, which may have matched too"
        }
        let nothing = count.observed > 0 ? nil : try await filter.reasonForNothing(in: lab, call, at: Self.now)
        if let nothing { detail += "; nothing could match: \(nothing)" }
        return try await problem("not-observed", detail, count, nothing)
    }

    /// What was observed is no answer: there may have been more.
    private func unknowable(
        _ count: JournalCount,
        _ reason: String,
        _ nothing: JournalFilterError? = nil
    ) async throws -> Problem {
        let detail = "cannot say whether it is \(expectation.words): \(matches(count)), but \(reason)"
        return try await problem("cannot-say", detail, count, nothing)
    }

    private func matches(_ count: JournalCount) -> String {
        count.observed == 1
            ? "1 \(count.unit.rawValue.dropLast()) matches" : "\(count.observed) \(count.unit.rawValue) match"
    }

    private func problem(
        _ kind: String,
        _ detail: String,
        _ count: JournalCount,
        _ nothing: JournalFilterError?
    ) async throws -> Problem {
        var problem = nothing.map { Problem($0) } ?? .conflict(detail)
        problem.detail = detail
        problem.kind = kind
        // All of a full journal is compared.
        let near = try await call.aside(named: "journal") { [filter, journal = lab.journal] in
            journal.nearMisses(filter, as: count.unit)
        }
        let misses = near.map { miss -> JSONValue in
            let differs = miss.differs.map { difference -> JSONValue in
                [
                    "filter": .string(difference.filter.rawValue), "wanted": .string(difference.wanted),
                    "found": .init(orNull: difference.found.map { Redaction.redacted($0) }),
                ]
            }
            return ["id": .string("\(miss.id)"), "differs": .array(differs)]
        }
        problem.members +=
            Self.members(count) + [
                .init("nearMisses", .array(misses)),
                .init("rules", .array(lab.faults.rules.map(JSONValue.report))),
            ]
        return problem
    }
}

/// How many of something are expected.
struct JournalExpectation: Sendable {
    let words: String
    private let range: ClosedRange<Int>

    static func times(_ number: Int) -> Self { Self(words: "exactly \(number)", range: number...number) }
    static func atLeast(_ number: Int) -> Self { Self(words: "at least \(number)", range: number...Int.max) }
    static func atMost(_ number: Int) -> Self { Self(words: "at most \(number)", range: 0...number) }

    /// What a count says of it.
    enum Standing: Equatable {
        /// It holds, whatever comes later.
        case holds
        /// It holds as long as nothing more comes.
        case holdsSoFar
        /// It does not hold yet.
        case fails
        /// It does not hold, whatever comes later.
        case isExceeded
    }

    func standing(of count: Int) -> Standing {
        if count < range.lowerBound { return .fails }
        if count > range.upperBound { return .isExceeded }
        return isUpperBound ? .holdsSoFar : .holds
    }

    /// Whether it says that there are no more than so many, which only who saw all can tell.
    var isUpperBound: Bool { range.upperBound < Int.max }
}

/// What a request asks of a lab's journal.
///
/// A filter that nothing can ever match makes a bound hold that was never looked at, so each of its values is one that
/// a record can have: by its form, by what the server has, or because a record was seen to have it.
extension JournalFilter {
    /// The filters of a query.
    static func asked(by call: AdminCall) async throws -> JournalFilter {
        let filters = call.query.filter { Key(rawValue: $0.key) != nil }
        return try await asked(by: call, filters.map { ($0.key, .string($0.value)) })
    }

    /// The filters of a document's `where`, each value as the API prints it.
    static func asked(by call: AdminCall, in body: BodyFields) async throws -> JournalFilter {
        guard let wanted = body.value("where") else { return JournalFilter() }
        guard case .object(let members) = wanted else {
            throw Problem.invalid("where must be an object of filters, not \(wanted.kind)", at: "where")
        }
        for member in members where !member.value.isOfRecord {
            let name = String(member.name.prefix(48))
            let reason = "must be a value as the journal shows it, not \(member.value.kind)"
            throw Problem.invalid("where.\(name) \(reason)", at: "where")
        }
        return try await asked(by: call, members.map { ($0.name, $0.value) })
    }

    private static func asked(
        by call: AdminCall,
        _ pairs: [(key: String, value: JSONValue)]
    ) async throws -> JournalFilter {
        let filter = try JournalFilter(values: pairs)
        try await filter.check(in: try call.lab(), call)
        return filter
    }

    private func check(in lab: Lab, _ call: AdminCall) async throws {
        var doubts = doubts
        if let listener {
            let names = await call.installation.plane.listeners.map(\.name)
            let reason = "is no listener's name; there are \(names.joined(separator: ", "))"
            let doubt = JournalFilterError(unknown: listener, of: .listener, reason: reason, choices: names)
            if !names.contains(listener) { doubts.append(doubt) }
        }
        for doubt in doubts {
            guard let key = Key(rawValue: doubt.key), try await !isSeen(key, in: lab, call) else { continue }
            throw doubt
        }
    }

    /// Whether a record has what is wanted of a key.
    private func isSeen(_ key: Key, in lab: Lab, _ call: AdminCall) async throws -> Bool {
        guard let alone = alone(key) else { return true }
        let journal = lab.journal
        return try await call.aside(named: "journal") { journal.holds(alone) }
    }

    /// Why it says nothing that nothing of a lab matched until `now`, by the host's clock in milliseconds since 1970;
    /// nil where something could have.
    ///
    /// Asked when a wait is over, and not before: what it waits for may be added meanwhile.
    func reasonForNothing(in lab: Lab, _ call: AdminCall, at now: Int64) async throws -> JournalFilterError? {
        if let reason = reasonForNothing(at: now, latest: lab.journal.latest) { return reason }
        guard let rule, !lab.faults.hasHad(rule), try await !isSeen(.rule, in: lab, call) else { return nil }
        let reason = "is no rule of the lab's, was none, and is in no record"
        return JournalFilterError(unknown: rule, of: .rule, reason: reason, choices: lab.faults.rules.map(\.rule.name))
    }
}

extension Problem {
    /// A filter that can't be used, or that nothing can ever match.
    init(_ error: JournalFilterError) {
        self = error.isContradiction ? .conflict("\(error)") : .invalid("\(error)")
        members["path"] = .string(String(error.key.prefix(48)))
        suggest(NearNames.find(error.value, among: error.choices))
    }
}
