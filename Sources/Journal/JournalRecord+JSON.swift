import Faults
import IO
import Notation
package import SoftToken

/// The record as JSON, the one form that lists, streams and exports share.
///
/// - `id`: the connection's number
/// - `lab`, `listener`: where it came in
/// - `client`, `port`: from where
/// - `accepted`, `labTime`: when, by the host's clock and by the lab's
/// - `stage`: how far it got: `accept`, `hello`, `handshake`, `request`, `answer`, `close`
/// - `outcome`, `reason`: how it ended, and why; null while it is open
/// - `sni`, `ja4`: the name that the ClientHello asked for, and its fingerprint
/// - `tls`: null, or `version`, `cipher`, `alpn`, `resumed`
/// - `clientCertificate`: the name in the certificate that the client showed; null where it showed none
/// - `alert`: null, or `name` and `direction` (`sent`, `received`)
/// - `timings`: microseconds: `hello` to the whole ClientHello, `handshake` from there to its end, `total` to the close
/// - `bytes`: on the socket, `in` and `out`; null while it is open
/// - `rules`: the fault rules that acted so far, each `name` with `boundBy`: `address` where only that told the unit,
///   or null
/// - `nearMisses`: the rules that nearly acted, each `rule` with the `reason` why it did not
/// - `verdict`: what the rules made of the client: null yet
/// - `exchangesDropped`: true, and there only, where exchanges of it may have been driven out
/// - `exchanges`: those asked for, the oldest first
///
/// An exchange:
///
/// - `id`: the number of its entry
/// - `at`, `labTime`: when it was answered, by the host's clock and by the lab's
/// - `lab`: the lab that answered
/// - `method`, `path`, `status`: of HTTP; the path without its query; status of what was answered, also where a fault
///   rule kept it from leaving; null where a rule kept the request from the service, and nothing was answered
/// - `type`, `serial`, `license`: of the message; null where it has none
/// - `code`, `reason`: the service's code at the top of the answer, and why the answer is no plain one of the service:
///   HTTP refused the request, or a rule answered it
/// - `tokens`: each `token` with its `code`, null where it is well or the request was not served
/// - `pending`: true, and there only, while a rule holds the request and its answer is still to come
/// - `rules`, `nearMisses`: as above, of the exchange and of its connection before it
/// - `microseconds`: from the request's last byte to the answer
/// - `request`, `answer`: `bytes`, and where bodies are asked for `head` and `body` (`headBase64` and `bodyBase64`
///   where they are no UTF-8) and `cut` where only the beginning was kept
extension JournalRecord {
    /// One line of JSON, without a line feed.
    package func json(_ detail: JournalDetail = JournalDetail()) -> [UInt8] {
        var json = JSONWriter()
        write(to: &json, detail)
        return detail.shown(json.finish())
    }

    /// Writes the record as a value of a larger document.
    package func write(to json: inout JSONWriter, _ detail: JournalDetail = JournalDetail()) {
        json.beginObject()
        writeConnection(to: &json)
        json.key("exchanges")
        json.beginArray()
        for exchange in exchanges {
            json.beginObject()
            exchange.write(to: &json, detail)
            json.endObject()
        }
        json.endArray()
        json.endObject()
    }

    /// Writes the members that are not its exchanges.
    func writeConnection(to json: inout JSONWriter) {
        json.key("id")
        json.integer(Int(clamping: opening.id))
        json.text("lab", opening.lab)
        json.text("listener", opening.listener)
        json.text("client", opening.peer.hostDescription)
        json.key("port")
        json.integer(Int(opening.peer.port))
        json.text("accepted", RFC3339.text(milliseconds: opening.accepted))
        json.text("labTime", opening.labTime.flatMap { RFC3339.text($0) })
        json.text("stage", stage.rawValue)
        json.text("outcome", end?.outcome.rawValue)
        json.text("reason", end?.reason)
        json.text("sni", opening.serverName)
        json.text("ja4", opening.ja4)
        writeHandshake(to: &json)
        json.text("clientCertificate", end?.clientCertificate)
        json.key("alert")
        if let alert = end?.alert {
            json.beginObject()
            json.text("name", alert.name)
            json.text("direction", alert.direction)
            json.endObject()
        } else {
            json.null()
        }
        json.key("timings")
        json.beginObject()
        json.number("hello", opening.helloMicroseconds.map { Int($0) })
        json.number("handshake", opening.handshakeMicroseconds.map { Int($0) })
        json.number("total", end?.duration.microseconds)
        json.endObject()
        json.key("bytes")
        json.beginObject()
        json.number("in", end.map { Int(clamping: $0.bytesIn) })
        json.number("out", end.map { Int(clamping: $0.bytesOut) })
        json.endObject()
        rules.write(to: &json)
        json.text("verdict", nil)
        if isCut {
            json.key("exchangesDropped")
            json.boolean(true)
        }
    }

    private func writeHandshake(to json: inout JSONWriter) {
        json.key("tls")
        guard let handshake = opening.handshake else {
            json.null()
            return
        }
        json.beginObject()
        json.text("version", handshake.version)
        json.text("cipher", handshake.cipher)
        json.text("alpn", handshake.applicationProtocol)
        json.key("resumed")
        json.boolean(handshake.isResumed)
        json.endObject()
    }
}

extension JournalRecord.Exchange {
    /// Writes its members.
    func write(to json: inout JSONWriter, _ detail: JournalDetail) {
        json.key("id")
        json.integer(Int(clamping: entry.sequence))
        json.text("at", RFC3339.text(milliseconds: entry.time))
        json.text("labTime", RFC3339.text(entry.labTime))
        json.text("lab", lab)
        json.text("method", entry.method.isEmpty ? nil : entry.method)
        json.text("path", entry.path.isEmpty ? nil : entry.path)
        json.number("status", entry.status == 0 ? nil : Int(entry.status))
        json.text("type", entry.type)
        json.text("serial", entry.serial?.description)
        json.text("license", entry.license?.description)
        json.number("code", entry.code.map { Int($0) })
        json.text("reason", entry.reason)
        json.key("tokens")
        json.beginArray()
        for note in tokens {
            json.beginObject()
            json.text("token", note.token)
            json.number("code", note.code)
            json.endObject()
        }
        json.endArray()
        if entry.content.areTokensCut {
            json.key("tokensCut")
            json.boolean(true)
        }
        if entry.isPending {
            json.key("pending")
            json.boolean(true)
        }
        entry.rules.write(to: &json)
        json.key("microseconds")
        json.integer(Int(entry.microseconds))
        write("request", request, to: &json, detail)
        write("answer", answer, to: &json, detail)
    }

    private func write(
        _ name: String,
        _ message: JournalRecord.Message,
        to json: inout JSONWriter,
        _ detail: JournalDetail
    ) {
        json.key(name)
        json.beginObject()
        json.key("bytes")
        json.integer(message.count)
        if detail.showsBodies {
            for (name, bytes) in [("head", message.head), ("body", message.body)] {
                let shown = JournalText(bytes, detail)
                json.text(shown.isBase64 ? name + "Base64" : name, shown.text)
            }
            if message.isCut {
                json.key("cut")
                json.boolean(true)
            }
        }
        json.endObject()
    }
}

/// Bytes of a message as text that can be shown.
struct JournalText {
    /// The bytes as they are where they are UTF-8, without secrets unless those are asked for; otherwise in Base64.
    let text: String
    let isBase64: Bool
    private let shown: [UInt8]

    init(_ bytes: some Collection<UInt8>, _ detail: JournalDetail) {
        shown = detail.showsSecrets ? Array(bytes) : Redaction.redacted(message: bytes)
        let text = String(validating: shown, as: UTF8.self)
        self.text = text ?? Base64.text(shown)
        isBase64 = text == nil
    }

    /// The same as text whatever it is, with a replacement in the place of what is no UTF-8.
    var lossyText: String { String(decoding: shown, as: UTF8.self) }
}

extension JSONWriter {
    fileprivate mutating func text(_ name: String, _ value: String?) {
        key(name)
        string(orNull: value)
    }

    fileprivate mutating func number(_ name: String, _ value: Int?) {
        key(name)
        if let value {
            integer(value)
        } else {
            null()
        }
    }
}

extension Duration {
    /// The whole microseconds.
    var microseconds: Int {
        Int(clamping: components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000)
    }
}

extension RuleNotes {
    /// Writes the members `rules` and `nearMisses`.
    fileprivate func write(to json: inout JSONWriter) {
        json.key("rules")
        json.beginArray()
        for rule in acted {
            json.beginObject()
            json.text("name", rule.rule)
            json.text("boundBy", rule.boundBy)
            json.endObject()
        }
        json.endArray()
        json.key("nearMisses")
        json.beginArray()
        for miss in nearMisses {
            json.beginObject()
            json.text("rule", miss.rule)
            json.text("reason", miss.reason)
            json.endObject()
        }
        json.endArray()
    }
}
