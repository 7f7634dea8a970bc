import Faults
import IO

/// What a reader copied out of a journal: all entries between two numbers, in their order.
struct JournalReading {
    /// One entry, with its tokens where they were asked for.
    struct Item {
        let entry: JournalEntry
        let tokens: [TokenNotes.Note]
    }

    /// One exchange, with its tokens where they were asked for.
    struct Exchange {
        let entry: ExchangeEntry
        let tokens: [TokenNotes.Note]
    }

    /// One connection with what is held of it.
    struct Line {
        var opening: ConnectionOpening
        var mark: MarkEntry?
        var end: ConnectionRecord?
        var exchanges: [Exchange] = []
        var entries: ClosedRange<UInt64>
        var times: ClosedRange<Int64>
    }

    /// The entries, the oldest first.
    let items: [Item]

    /// How many entries are copied under one hold of a shard's lock: a loop that records meanwhile waits some
    /// microseconds.
    private static let slice = 64

    /// Copies what a journal holds behind the entry of this number, up to its latest or to an earlier one.
    init(_ journal: Journal, after start: UInt64 = 0, through end: UInt64 = .max, tokens readsTokens: Bool) {
        let bound = min(journal.latest, end)
        let start = max(start, journal.lastDropped)
        var items: [Item] = []
        for shard in journal.shards {
            var last = start
            while true {
                let found = shard.withLock { shard in
                    shard.entries(after: last, through: bound, limit: Self.slice)
                        .map { entry in
                            var bytes: [UInt8] = []
                            if readsTokens, case .exchange(let exchange) = entry {
                                bytes = shard.tokens(of: exchange.content) ?? []
                            }
                            return (entry, bytes)
                        }
                }
                guard let end = found.last else { break }
                last = end.0.sequence
                items += found.map { Item(entry: $0, tokens: TokenNotes(bytes: $1).all) }
            }
        }
        items.sort { $0.entry.sequence < $1.entry.sequence }
        self.items = items
    }

    /// The connections in the order in which they were accepted.
    var connections: [Line] {
        var lines: [Line] = []
        var places: [UInt64: Int] = [:]
        for item in items {
            let opening = item.entry.opening
            if let place = places[opening.id] {
                lines[place].take(item)
            } else {
                places[opening.id] = lines.count
                lines.append(Line(item, since: opening.accepted))
            }
        }
        return lines.sorted { $0.opening.id < $1.opening.id }
    }
}

extension JournalReading.Line {
    /// A connection of which this is the first entry, or the only one; it began at `start`.
    init(_ first: JournalReading.Item, since start: Int64) {
        let (sequence, time) = (first.entry.sequence, first.entry.time)
        opening = first.entry.opening
        entries = sequence...sequence
        times = min(start, time)...max(start, time)
        take(first)
    }

    /// Takes an entry in that is later than those before.
    fileprivate mutating func take(_ item: JournalReading.Item) {
        entries = entries.lowerBound...item.entry.sequence
        times = times.lowerBound...max(item.entry.time, times.upperBound)
        // The first may have been made before the ClientHello was read.
        opening = item.entry.opening
        switch item.entry {
        case .exchange(let exchange):
            if let last = exchanges.last?.entry, last.isPending, last.number == exchange.number {
                exchanges.removeLast()
            }
            exchanges.append(JournalReading.Exchange(entry: exchange, tokens: item.tokens))
        case .mark(let mark): self.mark = mark
        case .end(let end): self.end = end.record
        }
    }
}

extension JournalReading.Line {
    /// The connection as a filter sees it, or one of its exchanges.
    func subject(_ exchange: JournalReading.Exchange? = nil) -> JournalSubject {
        JournalSubject(line: self, item: exchange)
    }

    /// How far it got, as far as it is known.
    var stage: Stage {
        if let end { return end.stage }
        guard let exchange = exchanges.last?.entry else { return mark?.stage ?? .answer }
        if let mark, mark.sequence > exchange.sequence { return mark.stage }
        return exchange.status == 0 ? .request : .answer
    }

    /// What fault rules had to do with it, as far as it is known: its end, or while it is open its latest mark, tells
    /// of what no exchange met, and of an exchange for another lab its own entry alone.
    var rules: RuleNotes {
        var notes = end?.rules ?? mark?.rules ?? RuleNotes()
        for exchange in exchanges { notes.note(exchange.entry.rules) }
        return notes
    }

    /// The exchanges that a filter selects: all of a connection that it selects, or those that its rule touched where
    /// that acts on exchanges; nil where it selects nothing here.
    func selected(by filter: JournalFilter) -> [JournalReading.Exchange]? {
        guard !filter.selectsExchanges else {
            let selected = matching(filter)
            return selected.isEmpty ? nil : selected
        }
        guard subject().satisfies(filter) else { return nil }
        guard let rule = filter.rule else { return exchanges }
        let touched = exchanges.filter { $0.isTouched(by: rule) }
        guard !touched.isEmpty else { return exchanges }
        let within = touched.filter { subject($0).isWithin(filter) }
        guard within.isEmpty else { return within }
        // A connection outlives its exchanges, and what a rule did to those lies where they do.
        return isTouched(by: rule) ? touched : nil
    }

    /// Whether a rule acted on the connection itself, and not on an exchange of it.
    func isTouched(by rule: String) -> Bool { rules.acted.contains { $0.rule == rule && !$0.stage.isOfExchange } }

    /// The exchanges of which every condition of a filter holds.
    func matching(_ filter: JournalFilter) -> [JournalReading.Exchange] {
        exchanges.filter { subject($0).satisfies(filter) }
    }
}

extension JournalReading.Exchange {
    /// Whether a rule acted on the exchange itself, and not on its connection before it.
    func isTouched(by rule: String) -> Bool {
        entry.rules.acted.contains { $0.rule == rule && $0.stage.isOfExchange }
    }
}
