package import Faults
package import IO
import SoftToken

/// What the admin plane asks.
///
/// All of these copy out what is held, in slices, and judge the copies: some milliseconds for a full journal. They may
/// be called on any thread and see every exchange whose answer has begun to leave.
extension Journal {
    /// The connections that a filter selects in the order in which they were accepted, each with its exchanges that are
    /// selected; judged as they are asked for.
    func selected(
        by filter: JournalFilter,
        after: UInt64 = 0,
        tokens readsTokens: Bool? = nil
    ) -> some Sequence<(line: JournalReading.Line, exchanges: [JournalReading.Exchange])> {
        JournalReading(self, tokens: readsTokens ?? filter.readsTokens).connections.lazy
            .filter { $0.opening.id > after }
            .compactMap { line in line.selected(by: filter).map { (line, $0) } }
    }

    /// A page of connections in the order in which they were accepted: those behind the one numbered `after`, at most
    /// `limit`.
    package func page(matching filter: JournalFilter, after: UInt64 = 0, limit: Int) -> JournalPage {
        var records: [JournalRecord] = []
        var next: UInt64?
        for (line, exchanges) in selected(by: filter, after: after) {
            guard records.count < limit else {
                next = records.last?.id
                break
            }
            records.append(record(line, exchanges))
        }
        // Asked afterwards: what was dropped while it was read may be missing too.
        return JournalPage(records: records, next: next, dropped: dropped(within: filter))
    }

    /// The newest of what a filter selects, at most `limit`, in the order in which the connections were accepted.
    ///
    /// Counted are connections; or exchanges, and with them connections that have none. A connection is as new as the
    /// latest of its entries that is selected.
    package func newest(_ limit: Int, matching filter: JournalFilter, as unit: JournalUnit) -> JournalPage {
        let found = selected(by: filter)
            .map { line, exchanges in
                let latest = filter.selectsExchanges ? exchanges.last?.entry.sequence : nil
                let areCounted = unit == .exchanges && !exchanges.isEmpty
                return (line, exchanges, areCounted ? nil : latest ?? line.entries.upperBound)
            }
        // An entry has its number alone, so that it says what of a connection is among the newest.
        let numbers = found.flatMap { _, exchanges, latest in latest.map { [$0] } ?? exchanges.map(\.entry.sequence) }
        let newest = Set(numbers.sorted(by: >).prefix(limit))
        let records = found.compactMap { line, exchanges, latest -> JournalRecord? in
            if let latest { return newest.contains(latest) ? record(line, exchanges) : nil }
            let kept = exchanges.filter { newest.contains($0.entry.sequence) }
            return kept.isEmpty ? nil : record(line, kept)
        }
        return JournalPage(records: records, next: nil, dropped: dropped(within: filter))
    }

    /// The connection of this number with all its exchanges; nil where nothing of it is held.
    package func record(id: UInt64) -> JournalRecord? {
        JournalReading(self, tokens: false).connections.first { $0.opening.id == id }.map { record($0, $0.exchanges) }
    }

    /// The entries behind the one of this number, the oldest first, at most `limit`: for a stream, which asks again
    /// with the last number that it was given.
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
        let line = JournalReading.Line(item, since: item.entry.time)
        let exchange = line.exchanges.first
        guard exchange != nil || !filter.selectsExchanges, line.subject(exchange).satisfies(filter) else { return nil }
        let kind: JournalEvent.Kind =
            switch item.entry {
            case .exchange(let exchange): exchange.isPending ? .acted : .exchange
            case .mark: .acted
            case .end: .connection
            }
        let record = record(line, line.exchanges, isEvent: true)
        return JournalEvent(sequence: item.entry.sequence, kind: kind, record: record)
    }

    /// The records that nearly match, closest first and of equals the latest first: with what they differ in.
    ///
    /// Of exchanges where those are counted, as where the filter has a key of theirs; a connection without any then
    /// differs in all those keys.
    package func nearMisses(
        _ filter: JournalFilter,
        as unit: JournalUnit? = nil,
        limit: Int = 5
    ) -> [JournalNearMiss] {
        let countsExchanges = unit.map { $0 == .exchanges } ?? filter.selectsExchanges
        var misses: [JournalNearMiss] = []
        for line in JournalReading(self, tokens: true).connections {
            let subjects =
                countsExchanges && !line.exchanges.isEmpty ? line.exchanges.map(line.subject) : [line.subject()]
            for subject in subjects {
                let differs = filter.conditions.filter { !subject.satisfies($0, of: filter) }
                    .map { JournalNearMiss.Difference(filter: $0.key, wanted: $0.wanted, found: subject.found($0)) }
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
    private func record(
        _ line: JournalReading.Line,
        _ exchanges: [JournalReading.Exchange],
        isEvent: Bool = false
    ) -> JournalRecord {
        JournalRecord(
            opening: line.opening,
            end: line.end,
            stage: line.stage,
            rules: line.rules,
            isCut: !isEvent && isCut(line),
            exchanges: exchanges.map { exchange($0.entry) }
        )
    }

    /// Whether exchanges of it may have been driven out; one that another lab answered is none of this journal's.
    private func isCut(_ line: JournalReading.Line) -> Bool {
        let isFirstMissing =
            line.exchanges.first.map { $0.entry.number > 1 } ?? ((line.end?.exchanges ?? 0) > 0)
        guard lastDropped > lastCleared, isFirstMissing else { return false }
        return oldestTime.map { line.opening.accepted <= $0 } ?? true
    }

    private func exchange(_ entry: ExchangeEntry) -> JournalRecord.Exchange {
        let content = entry.content
        var rest = (shards[Int(entry.shard)].withLock { $0.bytes(of: content) } ?? [])[...]
        func take(_ count: UInt32) -> ArraySlice<UInt8> {
            defer { rest = rest.dropFirst(Int(count)) }
            return rest.prefix(Int(count))
        }
        let (requestHead, answerHead) = (take(content.requestHead), take(content.answerHead))
        return JournalRecord.Exchange(
            lab: lab,
            entry: entry,
            tokens: TokenNotes(bytes: Array(take(content.tokens))).all,
            request: .init(head: requestHead, body: take(content.requestBody), count: Int(content.requestBytes)),
            answer: .init(head: answerHead, body: take(content.answerBody), count: Int(content.answerBytes))
        )
    }
}

/// Some connections of a journal, and where the next page begins.
package struct JournalPage: Sendable {
    /// The connections.
    package let records: [JournalRecord]
    /// What to ask the next page with; nil where there is none.
    package let next: UInt64?
    /// How many entries of the span asked for are no longer there: their connections may be missing, or exchanges of
    /// others.
    package let dropped: UInt64
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
        /// A rule acted on a connection that goes on, or on a request whose answer is still to come.
        case acted
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

/// What fault rules ask of the past.
extension Journal {
    /// Who spoke from which address to the lab's own listeners, the oldest first, as far as it is still held.
    ///
    /// It is for rules that a source address has to tell the unit, which would otherwise know nobody who came before
    /// them. Copies out what is held: some milliseconds for a full journal, on any thread.
    package var speakers: [(exchange: ExchangeFacts, address: SocketAddress.Host)] {
        JournalReading(self, tokens: true).items
            .compactMap { item in
                guard case .exchange(let entry) = item.entry, entry.opening.lab == lab, let serial = entry.serial else {
                    return nil
                }
                var facts = ExchangeFacts(path: entry.path)
                facts.message = entry.type
                facts.serial = serial.description
                facts.licenses = entry.license.map { [$0.description] } ?? []
                facts.tokens = item.tokens.compactMap(\.token)
                return (facts, entry.opening.peer.host)
            }
    }
}
