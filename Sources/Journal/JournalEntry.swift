import Faults
import SoftToken

/// One entry of a journal.
enum JournalEntry: Sendable {
    /// An exchange, recorded before its answer left.
    case exchange(ExchangeEntry)
    /// A connection that goes on, on which a rule acted.
    case mark(MarkEntry)
    /// The end of a connection.
    case end(EndEntry)

    /// Its place among all entries of the journal, counted from 1.
    var sequence: UInt64 {
        switch self {
        case .exchange(let entry): entry.sequence
        case .mark(let entry): entry.sequence
        case .end(let entry): entry.sequence
        }
    }

    /// The connection that it tells of.
    var opening: ConnectionOpening {
        switch self {
        case .exchange(let entry): entry.opening
        case .mark(let entry): entry.opening
        case .end(let entry): entry.record.opening
        }
    }

    /// When it was recorded, in milliseconds since 1970 by the host's clock.
    var time: Int64 {
        switch self {
        case .exchange(let entry): entry.time
        case .mark(let entry): entry.time
        case .end(let entry): entry.time
        }
    }
}

/// How far a connection had come when a rule acted on it, as it is kept: the latest one of a connection holds, until
/// its end is told.
struct MarkEntry: Sendable {
    let sequence: UInt64
    let time: Int64
    let opening: ConnectionOpening
    let stage: Stage
    let rules: RuleNotes
}

/// The end of a connection, as it is kept.
struct EndEntry: Sendable {
    let sequence: UInt64
    let time: Int64
    let record: ConnectionRecord
}

/// An exchange, as it is kept: what is asked for most lies here, the bytes lie in the shard's ring.
struct ExchangeEntry: Sendable {
    let sequence: UInt64
    let opening: ConnectionOpening
    let time: Int64
    let labTime: Int64
    let method: String
    let path: String
    let type: String?
    let serial: Serial?
    let license: LicenseNumber?
    let reason: String?
    let rules: RuleNotes
    let code: Int32?
    let microseconds: UInt32
    /// Its place among the exchanges of its connection, counted from 1.
    let number: UInt32
    /// Whether a rule acted on the request and its answer is still to come: another entry of the same number follows.
    let isPending: Bool
    /// 0 where nothing was answered.
    let status: UInt16
    let shard: UInt16
    let content: Content

    /// Whether the service itself answered with status 200, and no rule in its place.
    var isServed: Bool { status == 200 && reason == nil }

    /// Where the bytes lie in the shard's ring, and how many there were.
    struct Content: Sendable {
        /// Where its heads begin, which may be those of exchanges before.
        let requestHeadStart: UInt64
        let answerHeadStart: UInt64
        /// Where the rest begins.
        let start: UInt64
        /// How many bytes of each part are kept, those of the rest in their order there.
        let requestHead: UInt32
        let answerHead: UInt32
        let tokens: UInt32
        let requestBody: UInt32
        let answerBody: UInt32
        /// How many were sent.
        let requestBytes: UInt32
        let answerBytes: UInt32
        /// Whether there were more tokens than are noted.
        let areTokensCut: Bool

        /// The place of the first of them.
        var firstByte: UInt64 { min(requestHeadStart, answerHeadStart, start) }
    }
}
