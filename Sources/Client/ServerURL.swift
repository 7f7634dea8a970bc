import IO

/// Where a server is, as a URL says it: `http://127.0.0.1:8480` or `https://lab.example/below`.
package struct ServerURL: Hashable, Sendable {
    /// Whether TLS is spoken.
    package let speaksTLS: Bool
    /// The host's name or address, an IPv6 address without its brackets: what a certificate must name.
    package let host: String
    /// The port, the scheme's own where the URL gives none.
    package let port: UInt16
    /// What every path begins with, without a slash at its end; empty as a rule.
    package let prefix: String

    /// Reads a URL of scheme http or https without user, query and fragment.
    ///
    /// Throws ``ClientError/badURL(_:reason:)``.
    package init(_ url: String) throws(ClientError) {
        func refuse(_ reason: String) -> ClientError { .badURL(url, reason: reason) }
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { throw refuse("holds more than visible ASCII") }
        let rest: Substring
        if url.lowercased().hasPrefix("http://") {
            (speaksTLS, rest) = (false, url.dropFirst(7))
        } else if url.lowercased().hasPrefix("https://") {
            (speaksTLS, rest) = (true, url.dropFirst(8))
        } else {
            throw refuse("begins with neither http:// nor https://")
        }
        guard !rest.contains(where: { "?#@".contains($0) }) else { throw refuse("holds more than host, port and path") }
        let authority = rest.prefix { $0 != "/" }
        var path = rest.dropFirst(authority.count)
        while path.last == "/" { path.removeLast() }
        prefix = String(path)
        let name: Substring
        let portText: Substring?
        if authority.hasPrefix("[") {
            guard let close = authority.firstIndex(of: "]") else { throw refuse("has a bracket that does not close") }
            name = authority[authority.index(after: authority.startIndex)..<close]
            let tail = authority[authority.index(after: close)...]
            guard tail.isEmpty || tail.hasPrefix(":") else { throw refuse("has something between host and port") }
            portText = tail.isEmpty ? nil : tail.dropFirst()
        } else {
            let parts = authority.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            name = parts[0]
            portText = parts.count == 2 ? parts[1] : nil
        }
        guard !name.isEmpty else { throw refuse("names no host") }
        host = String(name)
        guard let port = portText.map({ UInt16($0) }) ?? (speaksTLS ? 443 : 80), port > 0 else {
            throw refuse("has no port from 1 to 65535")
        }
        self.port = port
    }

    /// Whether only this machine can be meant, as far as the text alone tells.
    package var isLoopback: Bool {
        host.lowercased() == "localhost" || host == "::1"
            || host.hasPrefix("127.") && host.allSatisfy { $0 == "." || $0.isNumber }
    }

    /// Host and port as a request names them.
    var authority: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// Every address to try; may ask the resolver.
    func resolve() throws(AddressError) -> [SocketAddress] { try SocketAddress.resolveAll(authority) }
}

extension ServerURL: CustomStringConvertible {
    /// The URL, with its port.
    package var description: String { "\(speaksTLS ? "https" : "http")://\(authority)\(prefix)" }
}
