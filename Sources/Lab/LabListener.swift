package import IO

/// Where a lab has a listener of its own: as it was asked for, and the port that the kernel chose where any would do.
///
/// A lab keeps its port over a restart, so that whoever was told of it still finds the lab there.
package struct LabListener: Sendable, Equatable {
    /// The address as it was asked for.
    package let asked: SocketAddress
    /// The port that the kernel chose; nil where one was asked for, and before there is one.
    package private(set) var port: UInt16?
    /// The proxies that it believes.
    package let proxies: TrustedProxies
    private let text: String

    /// A listener as it is asked for, HOST:PORT in digits with proxies behind it; nil where the text is none.
    package init?(_ text: String) {
        guard let read = try? ListenAddress(text), read.others.isEmpty, !text.contains(" "),
            let asked = SocketAddress.numeric(read.address)
        else { return nil }
        self.asked = asked
        self.text = text
        proxies = read.proxies
    }

    /// Reads what the lab keeps: `HOST:PORT`, and behind a blank the port that was chosen.
    init?(kept: String) {
        let parts = kept.split(separator: " ").map(String.init)
        guard let text = parts.first else { return nil }
        self.init(text)
        port = parts.dropFirst().first.flatMap { UInt16($0) }
    }

    /// What the lab keeps.
    var kept: String { port.map { "\(text) \($0)" } ?? text }

    /// Where to listen.
    package var address: SocketAddress { SocketAddress(host: asked.host, port: port ?? asked.port) }

    /// The same, once it listens at `address`.
    package func listening(at address: SocketAddress) -> LabListener {
        guard asked.port == 0 else { return self }
        var listener = self
        listener.port = address.port
        return listener
    }
}
