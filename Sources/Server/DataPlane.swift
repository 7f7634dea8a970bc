package import IO
package import Lab
package import Logging

/// The listeners that serve labs: opened and closed while the server runs.
///
/// Each serves as a task of its own that this actor holds and awaits, on the control loop.
package actor DataPlane: LoopActor {
    /// One open listener.
    package struct Entry: Sendable, Equatable {
        /// Its name, by which rules and the journal know it.
        package let name: String
        /// Where it listens, the kernel's choice of port included.
        package let address: SocketAddress
        /// The lab whose world its connections see.
        package let lab: String
        /// Whether it was made with the lab and goes with it, and is none of the configuration's.
        package let isOwn: Bool
    }

    private struct Opened {
        let entry: Entry
        let listener: Listener<SoftTokenService>
        let serving: Task<Void, Never>
    }

    /// The control loop.
    package nonisolated let loop: EventLoop
    private let server: Server
    private let labs: Labs
    private let logger: Logger
    private var opened: [Opened] = []

    /// A plane without listeners.
    package init(of server: Server, labs: Labs, logger: Logger) {
        loop = server.control.loop
        self.server = server
        self.labs = labs
        self.logger = logger
    }

    /// What is open, in the order of opening.
    package var listeners: [Entry] { opened.map(\.entry) }

    /// Whether a listener has this name.
    package func hasListener(named name: String) -> Bool { opened.contains { $0.entry.name == name } }

    /// Opens a listener, whose name nobody has, and begins to serve.
    ///
    /// Throws a ``SystemError`` that names the address.
    package func open(
        _ name: String,
        at address: SocketAddress,
        for lab: Lab,
        isOwn: Bool = false
    ) throws(SystemError) -> Entry {
        precondition(!hasListener(named: name), "a listener's name is its own")
        guard let accepting = server.workers.first?.loop else { preconditionFailure("a server has a loop") }
        let listener = try Listener(
            at: address,
            context: ListenerContext(
                name: name,
                lab: lab,
                speaksTLS: true,
                service: SoftTokenService(lab: lab, labs: labs),
                limits: server.limits,
                log: ConnectionLog(logger)
            ),
            on: accepting,
            dealingTo: server.workers,
            census: server.census,
            logger: logger
        )
        let entry = Entry(name: name, address: listener.address, lab: lab.name, isOwn: isOwn)
        let serving = Task(name: "listener \(name)", executorPreference: accepting) { await listener.serve() }
        opened.append(Opened(entry: entry, listener: listener, serving: serving))
        return entry
    }

    /// Takes a lab away.
    ///
    /// Its listeners close, exchanges under way finish within the server's grace period, and every loop forgets it. Whoever calls has taken it out of ``Labs`` and closes its store afterwards.
    package func leave(_ lab: Lab) async {
        let ending = opened.filter { $0.entry.lab == lab.name }
        opened.removeAll { $0.entry.lab == lab.name }
        for one in ending { one.listener.drain() }
        let grace = server.grace
        await withTaskGroup { group in
            let serving = ending.map(\.serving)
            group.addTask { for task in serving { await task.value } }
            group.addTask {
                guard (try? await Task.sleep(for: grace)) != nil else { return }
                for one in ending { one.listener.abort() }
            }
            await group.next()
            group.cancelAll()
            for task in serving { await task.value }
        }
        for worker in server.workers {
            await worker.loop.perform { worker.value.forget(lab) }
        }
    }

    /// Waits until every listener has ended, as they do when the server has drained.
    package func finish() async {
        for one in opened { await one.serving.value }
        opened.removeAll()
    }
}
