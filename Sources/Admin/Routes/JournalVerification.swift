import Faults
import IO
import Journal
import Lab

/// An expectation about a journal, and how long to wait for it.
struct JournalVerification: Sendable {
    /// How many are expected.
    private enum Expectation: Sendable {
        case times(Int)
        case atLeast(Int)
        case atMost(Int)

        func holds(for count: Int) -> Bool {
            switch self {
            case .times(let number): count == number
            case .atLeast(let number): count >= number
            case .atMost(let number): count <= number
            }
        }

        var words: String {
            switch self {
            case .times(let number): "exactly \(number)"
            case .atLeast(let number): "at least \(number)"
            case .atMost(let number): "at most \(number)"
            }
        }
    }

    /// How often the journal is counted while it is waited for.
    private static let interval = Duration.milliseconds(25)
    /// The longest wait, in seconds.
    private static let longest = 600.0

    private let filter: JournalFilter
    private let expectation: Expectation
    private let patience: Duration

    /// Reads the request; without a number, one at least is expected.
    private init(_ body: BodyFields) throws(Problem) {
        var pairs: [(key: String, value: String)] = []
        switch body.value("where") {
        case nil: break
        case .object(let members):
            for member in members {
                guard case .string(let text) = member.value else {
                    throw .invalid("where.\(member.name.prefix(48)) must be a text", at: "where")
                }
                pairs.append((member.name, text))
            }
        case let other?: throw .invalid("where must be an object of filters, not \(other.kind)", at: "where")
        }
        filter = try JournalRoutes.filter(pairs)
        let numbers = 0...1_000_000_000
        let given: [Expectation] = [
            try body.integer("times", in: numbers).map { .times($0) },
            try body.integer("atLeast", in: numbers).map { .atLeast($0) },
            try body.integer("atMost", in: numbers).map { .atMost($0) },
        ]
        .compactMap(\.self)
        guard given.count <= 1 else { throw .invalid("give one of times, atLeast and atMost") }
        expectation = given.first ?? .atLeast(1)
        let seconds: Double
        switch body.value("within") {
        case nil: seconds = 0
        case .integer(let number): seconds = Double(number)
        case .number(let number): seconds = number
        default: throw .invalid("within must be a number of seconds", at: "within")
        }
        guard (0...Self.longest).contains(seconds) else {
            throw .invalid("within must be from 0 to \(Int(Self.longest)) seconds", at: "within")
        }
        patience = .milliseconds(Int64(seconds * 1000))
    }

    /// Waits until the expectation holds, or for as long as it was given.
    static func answer(_ call: AdminCall) async throws -> AdminAnswer {
        let lab = try call.lab()
        let keys = ["where", "times", "atLeast", "atMost", "within"]
        let verification = try JournalVerification(BodyFields(call.request, keys: keys))
        let (labs, readiness) = (call.installation.labs, call.installation.readiness)
        return try await verification.wait(for: lab) { readiness.isReady && labs[lab.name] === lab }
    }

    /// Where the server stops or the lab is removed it does not wait: nothing more will come.
    private func wait(for lab: Lab, while isKept: () -> Bool) async throws -> AdminAnswer {
        let journal = lab.journal
        let deadline = Instant.now + patience
        var counted: UInt64?
        var observed = 0
        while true {
            let latest = journal.latest
            if counted != latest {
                counted = latest
                observed = try await IO.Thread.perform(named: "journal") { [filter] in journal.count(matching: filter) }
                if expectation.holds(for: observed) { return .json(["holds": true, "observed": .integer(observed)]) }
            }
            guard Instant.now < deadline, isKept() else { throw refusal(observed, lab) }
            try await Task.sleep(for: Self.interval)
        }
    }

    /// What was observed, what nearly matched, and what became of the rules that should have made it happen.
    private func refusal(_ observed: Int, _ lab: Lab) -> Problem {
        let subject = filter.selectsExchanges ? "exchanges" : "connections"
        var problem = Problem.conflict("\(observed) \(subject) match, not \(expectation.words)")
        problem.kind = "not-observed"
        let misses = lab.journal.nearMisses(filter)
            .map { miss -> JSONValue in
                let differs = miss.differs.map { difference -> JSONValue in
                    [
                        "filter": .string(difference.filter.rawValue), "wanted": .string(difference.wanted),
                        "found": difference.found.map { .string($0) } ?? .null,
                    ]
                }
                return ["id": .string("\(miss.id)"), "differs": .array(differs)]
            }
        problem.members = [
            .init(name: "observed", value: .integer(observed)), .init(name: "nearMisses", value: .array(misses)),
            .init(name: "rules", value: .array(lab.faults.rules.map(JSONValue.report))),
        ]
        return problem
    }
}
