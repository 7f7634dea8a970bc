package import Faults
import IO
import SoftToken

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
    /// The number of its end's entry.
    package let endSequence: UInt64?
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

    /// What is written of a record, as it may leave.
    func shown(_ json: [UInt8]) -> [UInt8] { showsSecrets ? json : Redaction.redacted(json) }
}

/// One record as evidence to attach to a ticket.
extension JournalRecord {
    /// A line of JSON for each exchange and one for the connection, each with `kind` before its members.
    package func ndjson(_ detail: JournalDetail) -> [UInt8] {
        var bytes: [UInt8] = []
        for exchange in exchanges {
            bytes += Self.line("exchange", detail) { json in
                json.key("connection")
                json.integer(Int(clamping: id))
                exchange.write(to: &json, detail)
            }
        }
        return bytes + Self.line("connection", detail, writeConnection)
    }

    private static func line(
        _ kind: String,
        _ detail: JournalDetail,
        _ members: (inout JSONWriter) -> Void
    ) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("kind")
        json.string(kind)
        members(&json)
        json.endObject()
        return detail.shown(json.finish()) + [0x0A]
    }

    /// An HTTP archive (HAR 1.2) of its exchanges, made by this version of the server; bodies are always in it.
    package func har(version: String, _ detail: JournalDetail) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("log")
        json.beginObject()
        json.key("version")
        json.string("1.2")
        json.key("creator")
        json.beginObject()
        json.key("name")
        json.string("FauxGuard")
        json.key("version")
        json.string(version)
        json.endObject()
        json.key("entries")
        json.beginArray()
        for exchange in exchanges {
            HTTPArchive(connection: opening, exchange: exchange, detail: detail).write(to: &json)
        }
        json.endArray()
        if isCut {
            json.key("comment")
            json.string("earlier exchanges of this connection may have been dropped from the journal")
        }
        json.endObject()
        json.endObject()
        return detail.shown(json.finish()) + [0x0A]
    }
}
