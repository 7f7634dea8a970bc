/// What a peer seems to speak that sends something other than TLS to a TLS port.
package enum ForeignProtocol: String, Sendable, Hashable {
    /// An HTTP request line without TLS under it.
    case plainHTTP = "plain HTTP"
    /// A hello in the format of SSL 2.0, which RFC 6176 forbids.
    case sslv2 = "SSL 2.0 hello"
    /// The identification string of SSH (RFC 4253 section 4.2).
    case ssh = "SSH"
    /// A header of the PROXY protocol, version 1 or 2, which a load balancer sends before its client's bytes.
    case proxyHeader = "PROXY protocol header"
    /// None of these.
    case unknown

    /// What it is, to stand in a sentence.
    package var words: String { self == .unknown ? "something unknown" : rawValue }
}

extension ForeignProtocol {
    /// The methods of RFC 9110, PATCH (RFC 5789), the HTTP/2 preface, SSH's banner, and both versions of the PROXY
    /// protocol, each with what ends it.
    private static let openings: [(text: String, kind: ForeignProtocol)] = [
        ("GET ", .plainHTTP), ("POST ", .plainHTTP), ("HEAD ", .plainHTTP), ("PUT ", .plainHTTP),
        ("DELETE ", .plainHTTP), ("CONNECT ", .plainHTTP), ("OPTIONS ", .plainHTTP), ("TRACE ", .plainHTTP),
        ("PATCH ", .plainHTTP), ("PRI * HTTP/2.0", .plainHTTP), ("SSH-", .ssh), ("PROXY ", .proxyHeader),
        ("\r\n\r\n\0\r\nQUIT\n", .proxyHeader),
    ]

    /// Judges a first byte that no TLS record begins with, and what follows it.
    ///
    /// - Parameter received: All bytes received so far, at least one.
    /// - Returns: The protocol, or nil while the bytes are the beginning of more than one answer.
    static func recognised(in received: Span<UInt8>) -> ForeignProtocol? {
        var isUndecided = false
        for opening in openings {
            switch matching(opening.text, received) {
            case .whole: return opening.kind
            case .beginning: isUndecided = true
            case .no: continue
            }
        }
        if isUndecided { return nil }
        return version2Hello(in: received)
    }

    private enum Match {
        case whole
        case beginning
        case no
    }

    private static func matching(_ text: String, _ received: Span<UInt8>) -> Match {
        var index = 0
        for byte in text.utf8 {
            guard index < received.count else { return .beginning }
            guard received[index] == byte else { return .no }
            index += 1
        }
        return .whole
    }

    /// Two bytes of length with the top bit set, the message type 1, then a version: 0.2, or 3.x of later clients.
    private static func version2Hello(in received: Span<UInt8>) -> ForeignProtocol? {
        guard received[0] & 0x80 != 0 else { return .unknown }
        guard received.count > 2 else { return nil }
        guard received[2] == 1 else { return .unknown }
        guard received.count > 4 else { return nil }
        let isVersion2 = received[3] == 0 && received[4] == 2
        return isVersion2 || received[3] == 3 ? .sslv2 : .unknown
    }
}
