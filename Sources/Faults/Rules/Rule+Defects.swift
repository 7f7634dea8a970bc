import IO
package import Notation

extension Rule {
    /// Everything that is wrong with a rule as it is written, in the order in which its parts are read; empty where it
    /// can be read.
    ///
    /// Each defect's part is left out and what is left read again, so that one look tells all of them, up to
    /// ``mostDefects``.
    package static func defects(of value: JSONValue) -> [RuleDefect] {
        var defects: [RuleDefect] = []
        var rest = value
        while true {
            do throws(RuleDefect) {
                _ = try Rule(rest)
                return defects
            } catch {
                // What is missing because it was left out is no defect of its own.
                let isMissed = defects.contains { $0.path == error.path || $0.path.hasPrefix(error.path + ".") }
                if !isMissed { defects.append(error) }
                guard defects.count < mostDefects else { return defects }
                // What is missing can't be left out, and goes with the effect that wants it.
                var less = isMissed || error.path == "do" ? rest : rest.without(error.path)
                if less == rest { less = rest.doingAnything }
                guard less != rest else { return defects }
                rest = less
            }
        }
    }
}

extension JSONValue {
    /// The value without the member that a path of names leads to; names of headers have dots in them.
    fileprivate func without(_ path: String) -> JSONValue {
        guard case .object(let members) = self else { return self }
        return .object(
            members.compactMap { member in
                if member.name == path { return nil }
                guard path.hasPrefix(member.name + ".") else { return member }
                return Member(member.name, member.value.without(String(path.dropFirst(member.name.count + 1))))
            }
        )
    }

    /// A rule whose effect is unknown, or lacks what it needs, with one that goes with every condition, so that the
    /// rest of it can be read.
    fileprivate var doingAnything: JSONValue {
        guard case .object(let members) = self else { return self }
        return .object(members.filter { !["do", "with"].contains($0.name) } + [Member("do", .string(Rule.obliging))])
    }
}

extension Rule {
    /// How many defects of one rule are looked for.
    private static var mostDefects: Int { 20 }
    /// An effect that wants no parameter and is asked where everything is known.
    fileprivate static var obliging: String { "http.hang" }
}

/// Why a rule is refused: which of its values, and what is wrong with it.
package struct RuleDefect: Error, Sendable, Equatable {
    /// The value's place in the rule, such as `with.profile`; empty for the rule as a whole.
    package let path: String
    /// What is wrong with it.
    package let reason: String
    /// Whether the rule is in order, but the lab as it is now has no place where it could act.
    package let isConflict: Bool

    /// Joins them.
    package init(_ path: String, _ reason: String, isConflict: Bool = false) {
        self.path = path
        self.reason = reason
        self.isConflict = isConflict
    }
}

extension RuleDefect: CustomStringConvertible {
    /// For example `with.hold: "10" is no duration: a number and ms, s, m, h or d`.
    package var description: String { path.isEmpty ? reason : "\(path): \(reason)" }
}

/// What looks like a slip, and may be meant: such a rule is taken, and whoever adds it is told.
extension Rule {
    /// Notes on what the rule says by itself.
    package var notes: [String] {
        var notes: [String] = []
        let ofMatch = match.contradiction ?? (effect.actsOnMessages ? match.contradictionOfMessages : nil)
        for defect in [ofMatch, contradictionOfSubject, action.contradiction(match)].compactMap(\.self) {
            notes.append("it never acts: \(defect)")
        }
        if probability == 0 { notes.append("probability 0: it never acts") }
        if let text = match.text(of: .client), let block = AddressBlock.canonical(text) {
            notes.append("client: \"\(text)\" has bits beyond its prefix; the block is \(block)")
        }
        if let text = match.text(of: .client), let block = AddressBlock(text), block.holdsNoPeer {
            notes.append("client: no connection comes from \"\(text)\"")
        }
        if let text = match.text(of: .sni), SocketAddress.Host(digits: text) != nil {
            notes.append("sni: \"\(text)\" is an address, which a client that keeps to RFC 6066 does not ask for")
        }
        return notes
    }

    /// The defect of an effect on what none of the messages names that the rule matches.
    private var contradictionOfSubject: RuleDefect? {
        let messages = match.messages
        guard let subject = action.subject, !messages.isEmpty, !messages.contains(where: subject.isNamed) else {
            return nil
        }
        return RuleDefect(
            match.keys.contains(.message) ? "when.message" : "when.path",
            "\(match.messagesNamed) names no \(subject.rawValue), so \(effect.name) has nothing to act on"
        )
    }

    /// Whether the rule, standing before `other`, leaves it nothing to act on while it is in force.
    func shadows(_ other: Rule) -> Bool {
        guard skip == 0, times == nil, probability == 1, !needsBinding || needsBinding == other.needsBinding,
            match.covers(other.match)
        else { return false }
        if effect.name == other.effect.name, stage == other.stage { return true }
        return effect.ends && stage <= .hello && stage < other.stage
    }
}

extension RuleMatch {
    /// Whether it matches everything that the other one does, as far as their words tell.
    fileprivate func covers(_ other: RuleMatch) -> Bool {
        conditions.allSatisfy { mine in
            other.conditions.contains { its in
                its.key == mine.key && (its.text == mine.text || mine.test.holds(of: its.text, mine.text))
            }
        }
    }
}
