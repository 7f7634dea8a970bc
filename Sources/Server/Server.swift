import HTTP
package import IO
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
    /// Who is connected to the data plane.
    package let census: Census
    /// Who is connected to the admin plane; bounded apart, so that a full data plane does not shut the operator out.
    package let controlCensus: Census
    /// Bounds and deadlines.
    package let limits: ServerLimits

    private let grace: Duration
    private let logger: Logger

    /// How many connections the admin plane takes.
    private static let controlConnections = 64

    /// Makes and starts the loops: `loops` of them, or as many as there are cores where that is 0.
    package init(loops: Int, limits: ServerLimits, grace: Duration, logger: Logger) throws(SystemError) {
        let descriptors = DescriptorLimit.raise()
        let room = max(16, descriptors - ServerLimits.reservedDescriptors)
        let limit = limits.connections == 0 ? room : min(limits.connections, room)
        let numbers = ConnectionNumbers()
        census = Census(limit: limit, perAddress: limits.connectionsPerAddress, numbers: numbers)
        controlCensus = Census(limit: Self.controlConnections, perAddress: 0, numbers: numbers)
        let responses = ResponseWriter(server: FieldValue("FauxGuard/0.1.0"))
        var made: [LoopLocal<LoopContext>] = []
        for index in 0..<(loops == 0 ? CoreCount.available : loops) {
            made.append(try Self.makeLoop("loop-\(index)", index: index, responses: responses))
        }
        workers = made
        control = try Self.makeLoop("control", index: 0, responses: responses)
        self.limits = limits
        self.grace = grace
        self.logger = logger
    }

    private static func makeLoop(
        _ name: String,
        index: Int,
        responses: ResponseWriter
    ) throws(SystemError) -> LoopLocal<LoopContext> {
        let loop = try EventLoop(named: name)
        try loop.start()
        return LoopLocal(LoopContext(on: loop, index: index, responses: responses), on: loop)
    }

    /// Lets every new connection present `identity`, from the loops' next turn on.
    ///
    /// Throws where OpenSSL refuses the identity; then nothing has changed.
    package func present(_ identity: Identity, ticketKeys: TicketKeys) throws(TLSError) {
        var prepared: [(LoopLocal<LoopContext>, LoopLocal<ServerContext>)] = []
        for local in workers + [control] {
            prepared.append(
                (local, LoopLocal(try ServerContext(identity: identity, ticketKeys: ticketKeys), on: local.loop))
            )
        }
        for (local, context) in prepared {
            local.loop.execute { local.value.tls = context.value }
        }
    }

    /// Stops accepting, lets what is under way finish within the grace period, and gives up the rest.
    package func drain() async {
        let deadline = Instant.now + grace
        // The admin plane stays to the end, so that it can say what the server is about.
        await drain(workers, census, until: deadline)
        await drain([control], controlCensus, until: deadline)
    }

    private func drain(_ loops: [LoopLocal<LoopContext>], _ census: Census, until deadline: Instant) async {
        for local in loops { local.loop.drain() }
        while census.count > 0, Instant.now < deadline {
            try? await Task.sleep(for: .milliseconds(10))
        }
        if census.count > 0 {
            logger.warning("connections given up", metadata: ["connections": "\(census.count)"])
        }
        for local in loops { local.loop.abort() }
    }

    /// Ends the loops; everything that lived on them has ended before.
    package func stop() {
        for local in workers + [control] { local.loop.stop() }
    }
}
