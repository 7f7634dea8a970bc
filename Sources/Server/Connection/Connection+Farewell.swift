import Faults
import Glibc
import HTTP
import IO
import Journal
import TLS
import TLSNames
import Transport

/// What is said last, in clear and behind the record of the end, and what the peer had said.
extension Connection {
    /// Answers an HTTP request that came without TLS.
    ///
    /// [our choice: plain-http-answer] What the service says to plain HTTP on its port is not public; a status 400 in
    /// clear is what a client can show.
    func refusePlainHTTP() {
        var bytes: [UInt8] = []
        let head = ResponseHead(status: .badRequest, contentType: .json, persistence: .close)
        let body = Array("{\"error\":\"this port speaks HTTPS\"}\n".utf8)
        context.responses.append(head, body: body, date: context.currentPreface().date, to: &bytes)
        recordPlain(bytes, head: bytes.count - body.count)
        say(bytes)
    }

    /// Says an alert as it is, once the end is told.
    func say(_ alert: AlertCode) {
        alertInClear = alert
        say(Alert.record(alert))
    }

    /// Says a few bytes as they are, once the end is told; a peer that takes none of them gets none.
    func say(_ bytes: [UInt8]) {
        takeExchange().farewell += bytes
    }

    /// Takes out what is still to be said to the peer, and counts it as sent.
    func takeLast() -> [UInt8] {
        let farewell = exchange?.farewell ?? []
        exchange?.farewell = []
        return transport.takeLast(behind: farewell)
    }

    /// What the peer had said before a send failed, or before it left in the middle of the handshake, where that tells
    /// more than that it did.
    func lastWord(behind end: ConnectionEnd) -> ConnectionEnd? {
        switch end {
        case .system(let code, _): return transport.lastWord(behind: code).map { .tls($0) }
        // Behind a handshake whoever reads requests has read what there was.
        case .peerClosed, .truncated, .timedOut, .aborted:
            return handshakeMicroseconds > 0 ? nil : transport.lastWord(behind: EPIPE).map { .tls($0) }
        default: return nil
        }
    }

    /// Reads what the peer said while a rule kept silent and nobody read: its alert is the end's.
    func hearLastWord() {
        _ = transport.lastWord(behind: EPIPE)
    }
}
