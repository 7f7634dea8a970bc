import IO

/// What looks like a slip, and may be meant: such a rule is taken, and whoever adds it is told.
extension Rule {
    /// Notes on what the rule says by itself.
    package var notes: [String] {
        var notes: [String] = []
        let ofMatch = match.contradiction ?? (entry.actsOnMessages ? match.contradictionOfMessages : nil)
        for defect in [ofMatch, effect.contradiction(with: match)].compactMap(\.self) {
            notes.append("it never acts: \(defect)")
        }
        if probability == 0 { notes.append("probability 0: it never acts") }
        if let text = match.text(of: .client), let block = AddressBlock.canonical(text) {
            notes.append("client: \"\(text)\" has bits beyond its prefix; the block is \(block)")
        }
        if let text = match.text(of: .client), let block = AddressBlock(text),
            block.holdsNoPeer
        {
            notes.append("client: no connection comes from \"\(text)\"")
        }
        if let text = match.text(of: .sni), SocketAddress.Host(digits: text) != nil {
            notes.append("sni: \"\(text)\" is an address, which a client that keeps to RFC 6066 does not ask for")
        }
        return notes
    }

    /// Whether the rule, standing before `other`, leaves it nothing to act on while it is in force.
    func shadows(_ other: Rule) -> Bool {
        guard skip == 0, times == nil, probability == 1, !needsBinding || needsBinding == other.needsBinding,
            match.covers(other.match)
        else { return false }
        if entry.name == other.entry.name, stage == other.stage { return true }
        return entry.ends && stage <= .hello && stage < other.stage
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
