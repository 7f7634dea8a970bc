import IO

/// What the admin plane asks.
///
/// All of these copy out what is held, in slices, and judge the copies: some milliseconds for a full journal. They may be
/// called on any thread and see every exchange whose answer has begun to leave.
extension Journal {
    /// A page of connections in the order in which they were accepted: those behind the one numbered `after`, at most
    /// `limit`.
    package func page(matching filter: JournalFilter, after: UInt64 = 0, limit: Int) -> JournalPage {
        var records: [JournalRecord] = []
        for line in JournalReading(self, tokens: filter.readsTokens).connections where line.opening.id > after {
            guard let exchanges = line.selected(by: filter) else { continue }
            guard records.count < limit else { return JournalPage(records: records, next: records.last?.id) }
            records.append(record(line, exchanges))
        }
        return JournalPage(records: records, next: nil)
    }

    /// The connection of this number with all its exchanges; nil where nothing of it is held.
    package func record(id: UInt64) -> JournalRecord? {
        JournalReading(self, tokens: false).connections.first { $0.opening.id == id }.map { record($0, $0.exchanges) }
    }

    /// How many connections, or exchanges where the filter has a key of theirs, it selects.
    package func count(matching filter: JournalFilter) -> Int {
        JournalReading(self, tokens: filter.readsTokens).connections
            .reduce(0) { sum, line in
                guard let exchanges = line.selected(by: filter) else { return sum }
                return sum + (filter.selectsExchanges ? exchanges.count : 1)
            }
    }

    /// The entries behind the one of this number, the oldest first, at most `limit`: for a stream, which asks again with
    /// the last number that it was given.
    ///
    /// With a filter, a connection's end that it selects, and exchanges that it selects by what is known by then.
    package func events(
        after sequence: UInt64,
        matching filter: JournalFilter = JournalFilter(),
        limit: Int
    ) -> JournalEvents {
        // A number that was never given is from another life of the server.
        let isForeign = sequence > latest
        let start = isForeign ? 0 : sequence
        var last = max(start, lastDropped)
        let bound = latest
        var events: [JournalEvent] = []
        while last < bound, events.count < limit {
            let end = min(bound, last + Self.window)
            for item in JournalReading(self, after: last, through: end, tokens: filter.readsTokens).items {
                guard events.count < limit else { break }
                last = item.entry.sequence
                if let event = event(item, filter) { events.append(event) }
            }
            if events.count < limit { last = end }
        }
        // Asked afterwards: what was dropped while it was read may be missing too.
        return JournalEvents(events: events, last: last, isMissing: isForeign || start < lastDropped)
    }

    /// How many entries a stream's reader copies at once.
    private static let window: UInt64 = 512

    private func event(_ item: JournalReading.Item, _ filter: JournalFilter) -> JournalEvent? {
        let (entry, opening) = (item.entry, item.entry.opening)
        var line = JournalReading.Line(
            opening: opening,
            entries: entry.sequence...entry.sequence,
            times: entry.time...entry.time
        )
        switch entry {
        case .exchange:
            line.exchanges = [item]
            guard line.subject(item).satisfies(filter) else { return nil }
            return JournalEvent(sequence: entry.sequence, kind: .exchange, record: record(line, [item]))
        case .end(let end):
            line.end = end
            guard !filter.selectsExchanges, line.subject.satisfies(filter) else { return nil }
            return JournalEvent(sequence: entry.sequence, kind: .connection, record: record(line, []))
        }
    }

    /// The records that nearly match, closest first and of equals the latest first: with what they differ in.
    ///
    /// Of exchanges where the filter has a key of theirs; a connection without any then differs in all those keys.
    package func nearMisses(_ filter: JournalFilter, limit: Int = 5) -> [JournalNearMiss] {
        var misses: [JournalNearMiss] = []
        for line in JournalReading(self, tokens: true).connections {
            let subjects =
                filter.selectsExchanges && !line.exchanges.isEmpty ? line.exchanges.map(line.subject) : [line.subject]
            for subject in subjects {
                let differs = filter.conditions.filter { !subject.satisfies($0, of: filter) }
                    .map { JournalNearMiss.Difference(filter: $0.key, wanted: $0.wanted, found: subject.found($0.key)) }
                guard !differs.isEmpty else { continue }
                misses.append(
                    JournalNearMiss(
                        id: line.opening.id,
                        exchange: subject.exchange?.sequence,
                        entry: subject.entries.upperBound,
                        differs: differs
                    )
                )
            }
        }
        misses.sort { ($0.differs.count, $1.entry) < ($1.differs.count, $0.entry) }
        return Array(misses.prefix(limit))
    }

    /// Puts a record together, with the bytes as far as they are still there.
    private func record(_ line: JournalReading.Line, _ items: [JournalReading.Item]) -> JournalRecord {
        JournalRecord(
            opening: line.opening,
            end: line.end?.record,
            rules: line.rules,
            endSequence: line.end?.sequence,
            exchanges: items.compactMap { item in
                if case .exchange(let entry) = item.entry { exchange(entry) } else { nil }
            }
        )
    }

    private func exchange(_ entry: ExchangeEntry) -> JournalRecord.Exchange {
        let content = entry.content
        let read = shards[Int(entry.shard)].withLock { $0.bytes(of: content) }
        var rest = (read ?? [])[...]
        func take(_ count: UInt32) -> ArraySlice<UInt8> {
            defer { rest = rest.dropFirst(Int(count)) }
            return rest.prefix(Int(count))
        }
        let tokens = TokenNotes(bytes: Array(take(content.tokens))).all
        let request = (head: take(content.requestHead), body: take(content.requestBody))
        return JournalRecord.Exchange(
            lab: lab,
            entry: entry,
            tokens: tokens,
            request: .init(head: request.head, body: request.body, count: Int(content.requestBytes)),
            answer: .init(
                head: take(content.answerHead),
                body: take(content.answerBody),
                count: Int(content.answerBytes)
            )
        )
    }
}

/// Some connections of a journal, and where the next page begins.
package struct JournalPage: Sendable {
    /// The connections.
    package let records: [JournalRecord]
    /// What to ask the next page with; nil where there is none.
    package let next: UInt64?
}

/// Some entries of a journal, for a stream.
package struct JournalEvents: Sendable {
    /// The entries, the oldest first.
    package let events: [JournalEvent]
    /// The number to go on with, which lies behind entries that the filter passed over.
    package let last: UInt64
    /// Whether entries behind the number asked with were dropped already, or the number is none of this journal's.
    package let isMissing: Bool
}

/// One entry of a journal: its connection, with the exchange or with the end that it tells of.
package struct JournalEvent: Sendable {
    /// What it tells of; the raw value is the event's name.
    package enum Kind: String, Sendable {
        /// An exchange, which is the only one of the record.
        case exchange
        /// The end of a connection; its exchanges were told of before.
        case connection
    }

    /// The entry's number, which is the event's id.
    package let sequence: UInt64
    /// What it tells of.
    package let kind: Kind
    /// The connection.
    package let record: JournalRecord
}

/// A record that nearly matches a filter.
package struct JournalNearMiss: Sendable, Equatable {
    /// One condition that does not hold.
    package struct Difference: Sendable, Equatable {
        /// The condition's key.
        package let filter: JournalFilter.Key
        /// What the filter says.
        package let wanted: String
        /// What the record has; nil where it has nothing of the kind.
        package let found: String?
    }

    /// The connection's number.
    package let id: UInt64
    /// The exchange's entry, where the filter selects exchanges.
    package let exchange: UInt64?
    /// The last entry that it was judged by.
    let entry: UInt64
    /// What does not hold; never empty.
    package let differs: [Difference]
}
