import IO
import Journal
import Server

/// A journal as server-sent events (WHATWG HTML, section "Server-sent events").
///
/// It asks the journal a few times a second instead of being told, so that recording an exchange costs a loop nothing for
/// those who watch. An event's id is its entry's number, so that a client that comes back misses nothing that is still
/// held; of what is not it is told by an event `lost`.
final class JournalStream: BodyStream {
    private let journal: Journal
    private let isKept: () -> Bool
    private let share: Quota.Share
    private let filter: JournalFilter
    private let detail: JournalDetail
    private var last: UInt64
    private var silentSince = Instant.now
    private var hasBegun = false

    /// How often it looks.
    private static let interval = Duration.milliseconds(50)
    /// After how long without news a comment is sent, which shows a client, and this server, that the other is there.
    private static let heartbeat = Duration.seconds(10)
    /// How many events one piece has at most, or with bodies, of which each may have 64 KiB.
    private static let batch = (short: 64, long: 2)

    /// Events behind the entry numbered `last`, for as long as the journal's lab is kept.
    init(
        of journal: Journal,
        while isKept: @escaping () -> Bool,
        within share: Quota.Share,
        matching filter: JournalFilter,
        after last: UInt64,
        showing detail: JournalDetail
    ) {
        self.journal = journal
        self.isKept = isKept
        self.share = share
        self.filter = filter
        self.last = last
        self.detail = detail
    }

    var isEndless: Bool { true }

    /// A comment, which readers of events pass over.
    var heartbeat: [UInt8] { Array(":\n\n".utf8) }

    func next(into body: inout [UInt8]) -> BodyStep {
        guard isKept() else { return .end }
        if !hasBegun {
            hasBegun = true
            // Clients that wait for the first byte to believe in the stream see it at once.
            body += ": journal of \(journal.lab)\nretry: 1000\n\n".utf8
        }
        if journal.latest != last {
            let events = journal.events(
                after: last,
                matching: filter,
                limit: detail.showsBodies ? Self.batch.long : Self.batch.short
            )
            if events.isMissing { body += "event: lost\ndata: {\"after\":\(last)}\n\n".utf8 }
            for event in events.events {
                body += "id: \(event.sequence)\nevent: \(event.kind.rawValue)\ndata: ".utf8
                body += event.record.json(detail)
                body += "\n\n".utf8
            }
            last = events.last
        }
        let now = Instant.now
        if body.isEmpty {
            guard now.since(silentSince) >= Self.heartbeat else { return .pause(Self.interval) }
            body += heartbeat
        }
        silentSince = now
        return .piece
    }
}
