import IO

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
        // As many as the longest opening has.
        let start = received.extracting(first: 16).copied()
        if let whole = openings.first(where: { start.starts(with: $0.text.utf8) }) { return whole.kind }
        if openings.contains(where: { $0.text.utf8.starts(with: start) }) { return nil }
        // Two bytes of length with the top bit set, the message type 1, then a version: 0.2, or 3.x of later clients.
        guard start[0] & 0x80 != 0 else { return .unknown }
        guard start.count > 2 else { return nil }
        guard start[2] == 1 else { return .unknown }
        guard start.count > 4 else { return nil }
        return start[3] == 3 || start[3...4] == [0, 2] ? .sslv2 : .unknown
    }
}
