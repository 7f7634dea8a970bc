import Faults
import IO

/// What is counted where a journal is asked how often something happened.
package enum JournalUnit: String, Sendable, CaseIterable {
    /// Requests, each with its answer or the want of one.
    case exchanges
    /// Connections.
    case connections
}

/// How often something happened.
package struct JournalCount: Sendable, Equatable {
    /// How many were seen.
    package let observed: Int
    /// How many of what.
    package let unit: JournalUnit
    /// How many entries of the span asked for are no longer there, so that there may have been more.
    package let dropped: UInt64
}

/// How often, and how surely.
extension Journal {
    /// How many connections or exchanges a filter selects.
    ///
    /// - Parameters:
    ///   - filter: What must hold.
    ///   - unit: What is counted. Without it, exchanges where the filter has a key of theirs, and otherwise what its
    ///     rule acts on.
    ///   - inForce: What the rule that has the filter's name now acts on; nil where none has. Rules that had the name
    ///     before, and acted on something else, do not decide.
    ///   - cleared: The number up to which entries that are gone are not missed; those that were cleared, without it.
    ///
    /// - Returns: The count, what was counted, and what may be missing.
    package func count(
        matching filter: JournalFilter,
        as unit: JournalUnit? = nil,
        inForce: JournalUnit? = nil,
        beyond cleared: UInt64? = nil
    ) -> JournalCount {
        let lines = JournalReading(self, tokens: filter.readsTokens).connections
        let given = unit ?? (filter.selectsExchanges ? .exchanges : nil)
        let unit = given ?? inForce ?? Self.unit(of: filter, over: lines)
        // What is asked of a rule alone is how often it acted, not how many exchanges a connection carried that it met.
        let toucher = given == nil ? filter.rule : nil
        let observed = lines.reduce(0) { sum, line in
            switch unit {
            case .exchanges:
                sum + line.matching(filter).count { item in toucher.map { item.isTouched(by: $0) } ?? true }
            case .connections: sum + (line.selected(by: filter) == nil ? 0 : 1)
            }
        }
        // Asked afterwards: what was dropped while it was read may be missing too.
        return JournalCount(observed: observed, unit: unit, dropped: dropped(within: filter, beyond: cleared))
    }

    /// What a rule acted on, in what the filter selects; connections where it was both, since each exchange has one.
    private static func unit(of filter: JournalFilter, over lines: [JournalReading.Line]) -> JournalUnit {
        guard let rule = filter.rule else { return .connections }
        let onExchanges = lines.contains { $0.matching(filter).contains { $0.isTouched(by: rule) } }
        let onConnections = lines.contains { $0.isTouched(by: rule) && $0.subject().satisfies(filter) }
        return onExchanges && !onConnections ? .exchanges : .connections
    }

    /// Whether anything that is held meets a filter: for a value that only what was seen vouches for.
    package func holds(_ filter: JournalFilter) -> Bool {
        selected(by: filter).contains { _ in true }
    }

    /// How many entries that a filter's span may have had are no longer there.
    ///
    /// What was cleared up to `cleared`, or ever without it, is not missed: whoever cleared the journal began it anew.
    /// When an entry that is gone was recorded is known by its neighbors alone, so a span by time counts rather too
    /// many.
    package func dropped(within filter: JournalFilter, beyond cleared: UInt64? = nil) -> UInt64 {
        var first = cleared ?? lastCleared
        var last = lastDropped
        for (key, bound) in filter.bounds {
            switch (key, bound) {
            case (.since, .entry(let number)): first = max(first, number)
            case (.until, .entry(let number)): last = min(last, number)
            case (.since, .time(let time)):
                if let oldest = oldestTime, time > oldest + Self.timeMargin { last = first }
            default: break
            }
        }
        return last > first ? last - first : 0
    }

    /// When the oldest entry that is held was recorded, in milliseconds since 1970; nil where none is.
    var oldestTime: Int64? {
        let dropped = lastDropped
        return
            shards.compactMap { shard in shard.withLock { $0.entries(after: dropped, through: .max, limit: 1).first } }
            .min { $0.sequence < $1.sequence }?
            .time
    }

    /// How much later, in milliseconds, a loop that was held up may have numbered an entry than it read the clock.
    private static let timeMargin: Int64 = 100
}
