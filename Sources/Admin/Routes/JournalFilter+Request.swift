import Faults
import IO
import Journal
import Lab
import Notation
import Registry
import Server

/// What a request asks of a lab's journal.
///
/// A filter that nothing can ever match makes a bound hold that was never looked at, so each of its values is one that a
/// record can have: by its form, by what the server has, or because a record was seen to have it.
extension JournalFilter {
    /// The filters of a query.
    static func asked(by call: AdminCall) async throws -> JournalFilter {
        let names = Set(Key.allCases.map(\.rawValue))
        return try await asked(
            by: call,
            call.query.filter { names.contains($0.key) }.map { ($0.key, .string($0.value)) }
        )
    }

    /// The filters of a document's `where`, each value as the API prints it.
    static func asked(by call: AdminCall, in body: BodyFields) async throws -> JournalFilter {
        guard let wanted = body.value("where") else { return JournalFilter() }
        guard case .object(let members) = wanted else {
            throw Problem.invalid("where must be an object of filters, not \(wanted.kind)", at: "where")
        }
        var pairs: [(key: String, value: JSONValue)] = []
        for member in members {
            guard member.value.isOfRecord else {
                let name = String(member.name.prefix(48))
                throw Problem.invalid(
                    "where.\(name) must be a value as the journal shows it, not \(member.value.kind)",
                    at: "where"
                )
            }
            pairs.append((member.name, member.value))
        }
        return try await asked(by: call, pairs)
    }

    private static func asked(
        by call: AdminCall,
        _ pairs: [(key: String, value: JSONValue)]
    ) async throws -> JournalFilter {
        do {
            let filter = try JournalFilter(values: pairs)
            try await filter.check(in: try call.lab(), call)
            return filter
        } catch let error as JournalFilterError {
            throw Problem(error)
        }
    }

    private func check(in lab: Lab, _ call: AdminCall) async throws {
        var doubts = doubts
        if let listener {
            let names = await call.installation.plane.listeners.map(\.name)
            if !names.contains(listener) {
                doubts.append(
                    JournalFilterError(
                        unknown: listener,
                        of: .listener,
                        reason: "is no listener's name; there are \(names.joined(separator: ", "))",
                        choices: names
                    )
                )
            }
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

    /// Why it says nothing that nothing of a lab matched until `now`, by the host's clock in milliseconds since 1970; nil
    /// where something could have.
    ///
    /// Asked when a wait is over, and not before: what it waits for may be added meanwhile.
    func reasonForNothing(
        in lab: Lab,
        _ call: AdminCall,
        at now: Int64
    ) async throws -> JournalFilterError? {
        if let reason = reasonForNothing(at: now, latest: lab.journal.latest) { return reason }
        guard let rule, !lab.faults.hasHad(rule), try await !isSeen(.rule, in: lab, call) else { return nil }
        let names = lab.faults.rules.map(\.rule.name)
        return JournalFilterError(
            unknown: rule,
            of: .rule,
            reason: "is no rule of the lab's, was none, and is in no record",
            choices: names
        )
    }
}

extension Problem {
    /// A filter that can't be used, or that nothing can ever match.
    init(_ error: JournalFilterError) {
        self = error.isContradiction ? .conflict("\(error)") : .invalid("\(error)")
        members.append(.init("path", .string(String(error.key.prefix(48)))))
        let near = NearNames.find(error.value, among: error.choices)
        if !near.isEmpty {
            members.append(.init("suggestions", .array(near.map { .string($0) })))
        }
    }
}
