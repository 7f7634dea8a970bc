import HTTP
package import IO
package import Lab
package import Logging
import Synchronization
package import TLS

/// The loops and what they share: made first, served on, drained, stopped.
package final class Server: Sendable {
    /// The name and version that every answer carries.
    package static let version = "0.1.0"

    /// The loops that connections of the data plane are dealt to.
    package let workers: [LoopLocal<LoopContext>]
    /// The admin plane's own loop, so that it answers while the others are busy.
    package let control: LoopLocal<LoopContext>
    /// What each of them counts.
    let metrics: [LoopMetrics]
    /// Who is connected to the data plane.
    package let census: Census
    /// Who is connected to the admin plane; bounded apart, so that a full data plane does not shut the operator out.
    package let controlCensus: Doorkeeper
    /// Who is connected to the listener of the certificates, which is open to anyone: they shut nobody else out.
    package let publicCensus: Doorkeeper
    /// Bounds and deadlines.
    package let limits: ServerLimits
    /// What handshakes under a rule present.
    let profiles = ProfileShelf()

    /// How long what is under way may take to finish where something ends.
    let grace: Duration
    private let logger: Logger

    /// How many connections the listener of the certificates takes.
    private static let publicConnections = 64
    /// How many of them one address may have.
    private static let publicConnectionsPerAddress = 16

    /// Makes and starts the loops: `loops` of them, or as many as there are cores where that is 0.
    package init(loops: Int, limits: ServerLimits, grace: Duration, logger: Logger) throws(SystemError) {
        let descriptors = DescriptorLimit.raise()
        // Where descriptors are few most are the data plane's.
        let controlConnections = min(limits.adminConnections, max(32, descriptors / 16))
        let reserved =
            ServerLimits.reservedDescriptors + max(0, controlConnections - ServerLimits.adminConnectionsIncluded)
        let room = max(16, descriptors - reserved)
        let limit = limits.connections == 0 ? room : min(limits.connections, room)
        let numbers = ConnectionNumbers()
        census = Census(limit: limit, perAddress: limits.connectionsPerAddress, numbers: numbers)
        controlCensus = Doorkeeper(
            places: controlConnections,
            perAddress: limits.adminConnectionsPerAddress,
            numbers: numbers
        )
        publicCensus = Doorkeeper(
            places: Self.publicConnections,
            perAddress: Self.publicConnectionsPerAddress,
            numbers: numbers
        )
        let (responses, profiles) = (ResponseWriter(server: FieldValue("FauxGuard/0.1.0")), profiles)
        func makeLoop(_ name: String, index: Int, _ metrics: LoopMetrics) throws(SystemError) -> LoopLocal<LoopContext>
        {
            let loop = try EventLoop(named: name)
            try loop.start()
            return LoopLocal(
                LoopContext(on: loop, index: index, responses: responses, profiles: profiles, metrics: metrics),
                on: loop
            )
        }
        let metrics = (0..<(loops == 0 ? CoreCount.available : loops)).map { _ in LoopMetrics() }
        self.metrics = metrics
        workers = try metrics.indices.map { index throws(SystemError) in
            try makeLoop("loop-\(index)", index: index, metrics[index])
        }
        // The operator's own requests are none of what is counted.
        control = try makeLoop("control", index: 0, LoopMetrics())
        self.limits = limits
        self.grace = grace
        self.logger = logger
    }

    /// Lets every new connection see `presentation`, from the loops' next turn on, or those of one lab's listeners.
    ///
    /// Throws where OpenSSL refuses the identity; then nothing has changed.
    package func present(_ presentation: Presentation, to lab: Lab? = nil) throws(TLSError) {
        var prepared: [(LoopLocal<LoopContext>, LoopLocal<CallingContexts>)] = []
        for local in lab == nil ? workers + [control] : workers {
            prepared.append((local, LoopLocal(try CallingContexts(presentation), on: local.loop)))
        }
        for (local, contexts) in prepared {
            local.loop.execute { local.value.present(contexts.value, to: lab) }
        }
    }

    /// Lets the listeners of a lab present what all others do, from the loops' next turn on.
    func presentNothingElse(to lab: Lab) {
        for local in workers {
            local.loop.execute { local.value.present(nil, to: lab) }
        }
    }

    /// Stops accepting, lets what is under way finish within the grace period, and gives up the rest.
    package func drain() async {
        let deadline = Instant.now + grace
        // The admin plane stays to the end, so that it can say what the server is about.
        await drain(workers, [census], until: deadline)
        await drain([control], [controlCensus, publicCensus], until: deadline)
    }

    private func drain(_ loops: [LoopLocal<LoopContext>], _ censuses: [any Admission], until deadline: Instant) async {
        for local in loops { local.loop.drain() }
        func left() -> Int { censuses.reduce(0) { $0 + $1.count } }
        while left() > 0, Instant.now < deadline {
            try? await Task.sleep(for: .milliseconds(10))
        }
        if left() > 0 {
            logger.warning("connections given up", metadata: ["connections": .stringConvertible(left())])
        }
        for local in loops { local.loop.abort() }
    }

    /// Ends the loops; everything that lived on them has ended before.
    package func stop() {
        for local in workers + [control] { local.loop.stop() }
    }
}
