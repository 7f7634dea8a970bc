import Faults
import FoundationEssentials
import IO
import Notation
import SoftToken

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
        let exchanges = JSONValue.array(exchanges.map { .object($0.members(detail)) })
        return detail.shown(.object(members + [.init("exchanges", exchanges)]))
    }

    /// The members that are not its exchanges.
    var members: [JSONValue.Member] {
        let tls: JSONValue? = opening.handshake.map { handshake in
            [
                "version": .string(handshake.version), "cipher": .string(handshake.cipher),
                "alpn": .init(orNull: handshake.applicationProtocol), "resumed": .flag(handshake.isResumed),
            ]
        }
        let alert: JSONValue? = end?.alert.map { ["name": .string($0.name), "direction": .string($0.direction)] }
        let value: JSONValue = [
            "id": .init(orNull: opening.id),
            "lab": .init(orNull: opening.lab),
            "listener": .string(opening.listener),
            "client": .string(opening.peer.hostDescription),
            "port": .init(orNull: opening.peer.port),
            "accepted": .string(RFC3339.text(milliseconds: opening.accepted)),
            "labTime": .init(orNull: opening.labTime.flatMap { RFC3339.text($0) }),
            "stage": .string(stage.rawValue),
            "outcome": .init(orNull: end?.outcome.rawValue),
            "reason": .init(orNull: end?.reason),
            "sni": .init(orNull: opening.serverName),
            "ja4": .init(orNull: opening.ja4),
            "tls": tls ?? .null,
            "clientCertificate": .init(orNull: end?.clientCertificate),
            "alert": alert ?? .null,
            "timings": [
                "hello": .init(orNull: opening.helloMicroseconds),
                "handshake": .init(orNull: opening.handshakeMicroseconds),
                "total": .init(orNull: end?.duration.microseconds),
            ],
            "bytes": ["in": .init(orNull: end?.bytesIn), "out": .init(orNull: end?.bytesOut)],
        ]
        return value.members + rules.members + [.init("verdict", .null)]
            + (isCut ? [.init("exchangesDropped", true)] : [])
    }
}

extension JournalRecord.Exchange {
    /// Its members, as an object shows them.
    func members(_ detail: JournalDetail) -> [JSONValue.Member] {
        let value: JSONValue = [
            "id": .init(orNull: entry.sequence),
            "at": .string(RFC3339.text(milliseconds: entry.time)),
            "labTime": .init(orNull: RFC3339.text(entry.labTime)),
            "lab": .string(lab),
            "method": .init(orNull: entry.method.isEmpty ? nil : entry.method),
            "path": .init(orNull: entry.path.isEmpty ? nil : entry.path),
            "status": .init(orNull: entry.status == 0 ? nil : entry.status),
            "type": .init(orNull: entry.type),
            "serial": .init(orNull: entry.serial?.description),
            "license": .init(orNull: entry.license?.description),
            "code": .init(orNull: entry.code),
            "reason": .init(orNull: entry.reason),
            "tokens": .array(tokens.map { ["token": .init(orNull: $0.token), "code": .init(orNull: $0.code)] }),
        ]
        var members = value.members
        if entry.content.areTokensCut { members["tokensCut"] = true }
        if entry.isPending { members["pending"] = true }
        members += entry.rules.members
        members["microseconds"] = .init(orNull: entry.microseconds)
        members["request"] = request.value(detail)
        members["answer"] = answer.value(detail)
        return members
    }
}

extension JournalRecord.Message {
    fileprivate func value(_ detail: JournalDetail) -> JSONValue {
        var members: [JSONValue.Member] = [.init("bytes", .integer(count))]
        if detail.showsBodies {
            for (name, bytes) in [("head", head), ("body", body)] {
                let shown = JournalText(bytes, detail)
                members.append(.init(shown.isBase64 ? name + "Base64" : name, .string(shown.text)))
            }
            if isCut { members.append(.init("cut", true)) }
        }
        return .object(members)
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
        self.text = text ?? Data(shown).base64EncodedString()
        isBase64 = text == nil
    }

    /// The same as text whatever it is, with a replacement in the place of what is no UTF-8.
    var lossyText: String { String(decoding: shown, as: UTF8.self) }
}

extension JournalDetail {
    /// What is written of a record, as it may leave.
    func shown(_ value: JSONValue) -> [UInt8] {
        let bytes = value.bytes(escaping: .wire)
        return showsSecrets ? bytes : Redaction.redacted(bytes)
    }
}

extension Duration {
    fileprivate var microseconds: Int {
        Int(clamping: components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000)
    }
}

extension RuleNotes {
    /// The members `rules` and `nearMisses`.
    fileprivate var members: [JSONValue.Member] {
        [
            .init("rules", .array(acted.map { ["name": .string($0.rule), "boundBy": .init(orNull: $0.boundBy)] })),
            .init("nearMisses", .array(nearMisses.map { ["rule": .string($0.rule), "reason": .string($0.reason)] })),
        ]
    }
}
