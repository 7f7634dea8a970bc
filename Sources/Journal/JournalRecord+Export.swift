import IO
import SoftToken

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
