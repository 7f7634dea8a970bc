package import IO
package import Lab

/// What the connections of one listener share: where they came in, who answers them, and within which bounds.
package final class ListenerContext<Answering: Service>: Sendable {
    /// The listener's name, for rules and records.
    package let name: String
    /// The lab whose world its connections see; nil for a plane of the operator's, which belongs to none and which no fault
    /// touches.
    package let lab: Lab?
    /// Whether its connections begin with a TLS handshake.
    package let speaksTLS: Bool
    /// Who answers.
    package let service: Answering
    /// Bounds and deadlines.
    package let limits: ServerLimits
    /// How long a request's stages may take, in nanoseconds.
    let patience: (idle: UInt64, head: UInt64, body: UInt64)
    /// The proxies whose word on their clients' addresses counts.
    package let proxies: TrustedProxies
    /// Who is connected by a proxy, in which its clients have places of their own; nil where none is counted.
    let census: Census?
    /// Where connections and exchanges are told of.
    package let log: ConnectionLog
    /// All of its channels, so that it can be closed by itself.
    package let channels = ChannelGroup()

    /// Joins them.
    package init(
        name: String,
        lab: Lab?,
        speaksTLS: Bool,
        service: Answering,
        limits: ServerLimits,
        log: ConnectionLog,
        proxies: TrustedProxies = TrustedProxies(),
        census: Census? = nil
    ) {
        self.name = name
        self.lab = lab
        self.speaksTLS = speaksTLS
        self.service = service
        self.limits = limits
        func nanoseconds(_ duration: Duration) -> UInt64 { UInt64(max(0, duration.nanoseconds)) }
        patience = (nanoseconds(limits.idleTimeout), nanoseconds(limits.headTimeout), nanoseconds(limits.bodyTimeout))
        self.log = log
        self.proxies = proxies
        self.census = census
    }
}
