package import Faults
import IO
import Notation

/// One connection with those of its exchanges that were asked for: what the admin plane shows.
package struct JournalRecord: Sendable {
    /// One exchange with its bytes.
    package struct Exchange: Sendable {
        /// The lab that answered.
        package let lab: String
        let entry: ExchangeEntry
        let tokens: [TokenNotes.Note]
        let request: Message
        let answer: Message

        /// Its number among all entries of its journal.
        package var sequence: UInt64 { entry.sequence }
    }

    /// A request or an answer as it was sent, or the beginning of it.
    struct Message: Sendable {
        let head: ArraySlice<UInt8>
        let body: ArraySlice<UInt8>
        /// How many bytes were sent.
        let count: Int

        /// Whether not all of it was kept.
        var isCut: Bool { head.count + body.count < count }
    }

    /// What was settled when its handshake was over.
    package let opening: ConnectionOpening
    /// How it ended; nil where it did not, or where that belongs to another lab.
    package let end: ConnectionRecord?
    /// How far it got, as far as that is known.
    package let stage: Stage
    /// What fault rules had to do with it, as far as that is known.
    package let rules: RuleNotes
    /// Whether exchanges of it may have been driven out, so that those here are not all.
    package let isCut: Bool
    /// The exchanges, the oldest first.
    package let exchanges: [Exchange]

    /// The connection's number, by which it is asked for.
    package var id: UInt64 { opening.id }
}

/// How much of a record is shown.
package struct JournalDetail: Sendable, Equatable {
    /// Whether heads and bodies are shown, as they were sent.
    package var showsBodies = false
    /// Whether secrets are shown too, in them and in every other text.
    package var showsSecrets = false

    /// The least, unless told otherwise.
    package init(showsBodies: Bool = false, showsSecrets: Bool = false) {
        self.showsBodies = showsBodies
        self.showsSecrets = showsSecrets
    }
}

/// One record as evidence to attach to a ticket.
extension JournalRecord {
    /// A line of JSON for each exchange and one for the connection, each with `kind` before its members.
    package func ndjson(_ detail: JournalDetail) -> [UInt8] {
        let lines = exchanges.map { exchange in
            [.init("kind", "exchange"), .init("connection", .init(orNull: id))] + exchange.members(detail)
        }
        return (lines + [[.init("kind", "connection")] + members]).flatMap { detail.shown(.object($0)) + [0x0A] }
    }

    /// An HTTP archive (HAR 1.2) of its exchanges, made by this version of the server; bodies are always in it.
    package func har(version: String, _ detail: JournalDetail) -> [UInt8] {
        let entries = exchanges.map { HTTPArchive(connection: opening, exchange: $0, detail: detail).entry }
        var log: [JSONValue.Member] = [
            .init("version", "1.2"), .init("creator", ["name": "FauxGuard", "version": .string(version)]),
            .init("entries", .array(entries)),
        ]
        if isCut {
            log["comment"] = "earlier exchanges of this connection may have been dropped from the journal"
        }
        return detail.shown(["log": .object(log)]) + [0x0A]
    }
}
