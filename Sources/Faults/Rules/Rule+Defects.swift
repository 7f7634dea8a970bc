extension Rule {
    /// Everything that is wrong with a rule as it is written, in the order in which its parts are read; empty where it can be read.
    ///
    /// Each defect's part is left out and what is left read again, so that one look tells all of them, up to ``mostDefects``.
    package static func defects(of value: FaultValue) -> [RuleDefect] {
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

extension FaultValue {
    /// The value without the member that a path of names leads to; names of headers have dots in them.
    fileprivate func without(_ path: String) -> FaultValue {
        guard case .map(let members) = self else { return self }
        return .map(
            members.compactMap { member in
                if member.name == path { return nil }
                guard path.hasPrefix(member.name + ".") else { return member }
                return Member(member.name, member.value.without(String(path.dropFirst(member.name.count + 1))))
            }
        )
    }

    /// A rule whose effect is unknown, or lacks what it needs, with one that goes with every condition, so that the rest of it
    /// can be read.
    fileprivate var doingAnything: FaultValue {
        guard case .map(let members) = self else { return self }
        return .map(members.filter { !["do", "with"].contains($0.name) } + [Member("do", .text(Rule.obliging))])
    }
}

extension Rule {
    /// How many defects of one rule are looked for.
    private static var mostDefects: Int { 20 }
    /// An effect that wants no parameter and is asked where everything is known.
    fileprivate static var obliging: String { "http.hang" }
}
