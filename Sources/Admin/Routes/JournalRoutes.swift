import Documents
import HTTP
import IO
import Journal
import Lab
import Notation
import Server

/// A lab's journal: listed, streamed, verified, exported, cleared.
enum JournalRoutes {
    /// The filters as parameters of a query.
    static let filters: [Route.QueryParameter] = JournalFilter.Key.allCases.filter(\.canBeAsked)
        .map { key in
            let purpose =
                key == .since || key == .until
                ? "Only what came \(key.rawValue) this time by the host's clock, or this entry's number."
                : "Only what has this \(key.rawValue)."
            return .init(key.rawValue, purpose, Schemas.filter(key))
        }

    /// How much of each record is shown.
    static let detail: [Route.QueryParameter] = [
        .choice("bodies", "Whether heads and bodies are shown.", ["true", "false"]),
        .choice("secrets", "Whether seeds and codes in them are shown too.", ["true", "false"]),
    ]

    static func list(_ call: AdminCall) async throws -> AdminAnswer {
        let journal = try call.lab().journal
        let filter = try await JournalFilter.asked(by: call)
        let form = try call.parameter("form", "records or canonical") { Self.forms.contains($0) ? $0 : nil }
        let after = try call.cursor(DecimalText.entry) ?? 0
        let (limit, detail) = (try call.limit(), try detail(of: call))
        let positive = "a whole number from 1 on"
        let newest = try call.parameter("newest", positive) { DecimalText.integer($0, in: 1...Int.max) }
        let unit = try call.parameter("count", unitWords) { JournalUnit(rawValue: $0) } ?? .connections
        if newest != nil, form == "canonical" || call.query["cursor"] != nil {
            throw Problem.conflict("newest goes neither with a cursor nor with the canonical form")
        }
        // Copying, redacting and writing a full journal takes longer than the loop may be held.
        if form == "canonical" {
            let (text, dropped) = try await call.aside(named: "journal") {
                (Array(journal.canonical(filter).utf8), journal.dropped(within: filter))
            }
            return .text(text, .plainText).telling(of: dropped)
        }
        let (page, dropped) = try await call.aside(named: "journal") {
            let page =
                newest.map { journal.newest($0, matching: filter, as: unit) }
                ?? journal.page(matching: filter, after: after, limit: limit)
            let value: JSONValue = [
                "items": .array(page.records.map { .written(String(decoding: $0.json(detail), as: UTF8.self)) }),
                "next": .init(orNull: page.next.map { "\($0)" }),
                "dropped": .init(orNull: page.dropped),
            ]
            return (value, page.dropped)
        }
        return .json(page).telling(of: dropped)
    }

    static let forms = ["records", "canonical"]

    /// What completes "count must be".
    static let unitWords = "one of \(JournalUnit.allCases.map(\.rawValue).joined(separator: ", "))"

    static func show(_ call: AdminCall) async throws -> AdminAnswer {
        let detail = try detail(of: call, bodies: true)
        let record = try await record(call)
        let text = try await call.aside(named: "journal") { String(decoding: record.json(detail), as: UTF8.self) }
        return .json(.written(text))
    }

    static func clear(_ call: AdminCall) async throws -> AdminAnswer {
        try call.lab().journal.clear()
        return .nothing
    }

    static func stream(_ call: AdminCall) async throws -> AdminAnswer {
        let (lab, labs) = (try call.lab(), call.installation.labs)
        // What a client that lost its stream saw last; without it, only what comes from now on is told.
        let last = try call.request.lastEventID.map { text throws(Problem) in
            guard let number = UInt64(text) else { throw .invalid("Last-Event-ID must be a number that a stream gave") }
            return number
        }
        let after = try call.parameter("after", "an entry's number", DecimalText.entry)
        let filter = try await JournalFilter.asked(by: call)
        return AdminAnswer(
            status: .ok,
            contentType: FieldValue("text/event-stream; charset=utf-8"),
            fields: .unstored,
            stream: JournalStream(
                of: lab.journal,
                while: { labs[lab.name] === lab },
                within: try call.installation.streams.take(for: call.caller),
                matching: filter,
                after: last ?? after ?? lab.journal.latest,
                showing: try detail(of: call)
            )
        )
    }

    static func export(_ call: AdminCall) async throws -> AdminAnswer {
        let formats = ["ndjson", "har", "pcapng", "keylog"]
        let known = "one of \(formats.joined(separator: ", "))"
        let format = try call.parameter("format", known) { formats.contains($0) ? $0 : nil }
        let record = try await record(call)
        let detail = try detail(of: call, bodies: true)
        switch format ?? "ndjson" {
        case "ndjson":
            let text = try await call.aside(named: "journal") { record.ndjson(detail) }
            return .text(text, FieldValue("application/x-ndjson"))
        case "har":
            let text = try await call.aside(named: "journal") { record.har(version: Server.version, detail) }
            return .text(text, .json)
        case let other:
            let reason = "the journal keeps no packets and no keys yet, so there is no \(other) to export"
            throw Problem(status: .notImplemented, kind: "not-implemented", detail: reason)
        }
    }

    private static func record(_ call: AdminCall) async throws -> JournalRecord {
        let journal = try call.lab().journal
        let id = UInt64(call.name("id"))
        let record = try await call.aside(named: "journal") { id.flatMap { journal.record(id: $0) } }
        guard let record else { throw Problem.notFound("the journal holds no connection \(quoted(call.name("id")))") }
        return record
    }

    private static func detail(of call: AdminCall, bodies: Bool = false) throws(Problem) -> JournalDetail {
        JournalDetail(
            showsBodies: try call.parameter("bodies", "true or false") { CoreSchema.flag($0) } ?? bodies,
            showsSecrets: try call.parameter("secrets", "true or false") { CoreSchema.flag($0) } ?? false
        )
    }
}

extension AdminAnswer {
    /// Says in the head, too, that entries are gone, for whoever does not read the document.
    fileprivate func telling(of dropped: UInt64) -> AdminAnswer {
        dropped > 0 ? with("X-FauxGuard-Dropped", "\(dropped)") : self
    }
}

extension RouteTable {
    static let journal: [Route] = [
        Route("GET", "", "listJournal", JournalRoutes.list)
            .does(
                "List connections with their exchanges, the oldest first; a filter of an exchange's narrows both, and so does a rule that acts on exchanges."
            )
            .asks(
                [.limit, .cursor(Schemas.entryNumber)] + JournalRoutes.filters + JournalRoutes.detail + [
                    .init(
                        "newest",
                        "Only so many, the newest, on one page; `limit` is passed over then.",
                        Schemas.whole(1...Int.max)
                    ),
                    .choice(
                        "count",
                        "What newest counts: connections, or exchanges and such connections as have none.",
                        JournalUnit.allCases.map(\.rawValue)
                    ),
                    .choice(
                        "form",
                        "The canonical form is text that two like runs have in common.",
                        JournalRoutes.forms
                    ),
                ]
            )
            .gives(
                .ok,
                "A page of the list; X-FauxGuard-Dropped says so where entries of the span asked for are gone.",
                schema: Schemas.journalPage,
                otherForm: ("text/plain", Schemas.text)
            )
            .refuses(.conflict),
        Route("DELETE", "", "clearJournal", JournalRoutes.clear).does("Empty the journal.").givesNothing,
        Route("GET", "/stream", "streamJournal", JournalRoutes.stream)
            .does("Tell of each exchange and each connection's end as it happens (server-sent events).")
            .asks(
                JournalRoutes.filters + JournalRoutes.detail + [
                    .init(
                        "after",
                        "Begin behind the entry of this number; Last-Event-ID beats it.",
                        Schemas.entryNumber
                    )
                ]
            )
            .gives(
                .ok,
                "Events named exchange and connection, and acted where a rule acted on what goes on, each with its entry's number as its id; lost where entries were driven out.",
                schema: Schemas.text,
                mediaTypes: ["text/event-stream"]
            )
            .refuses(.conflict, .tooManyRequests, .serviceUnavailable),
        Route("POST", "/verify", "verifyJournal", JournalVerification.answer)
            .does(
                "Say whether as many exchanges or connections match as expected: at least so many as soon as they do, exactly or at most so many at the end of the time given; what nearly matched otherwise."
            )
            .takes("Verification").gives("Verified", "It holds.")
            .refuses(.conflict, .tooManyRequests, .serviceUnavailable),
        Route("GET", "/{id}", "getJournalRecord", JournalRoutes.show)
            .does("Show one connection with its exchanges as they were sent.")
            .asks(JournalRoutes.detail).gives("JournalRecord"),
        Route("GET", "/{id}/export", "exportJournalRecord", JournalRoutes.export)
            .does("Give one connection as evidence to attach to a ticket; secrets only if asked for.")
            .asks(
                [.choice("format", "Which form; ndjson without it.", ["har", "pcapng", "keylog", "ndjson"])]
                    + JournalRoutes.detail
            )
            .gives(
                .ok,
                "The evidence.",
                schema: Schemas.text,
                mediaTypes: ["application/x-ndjson"],
                otherForm: ("application/json", Schemas.reference("HTTPArchive"))
            )
            .refuses(.notImplemented),
    ]
}

/// A journal as server-sent events (WHATWG HTML, section "Server-sent events").
///
/// It asks the journal a few times a second instead of being told, so that recording an exchange costs a loop nothing
/// for those who watch. An event's id is its entry's number, so that a client that comes back misses nothing that is
/// still held; of what is not it is told by an event `lost`.
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
