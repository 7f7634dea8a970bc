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
        var listener: Listener<SoftTokenService>
        /// The tasks of this listener and of those that accepted at its address before, each until its last connection.
        var serving: [Task<Void, Never>]
        /// Whether its port is closed: a rule wants it so, or somebody else has taken it meanwhile.
        var isRefusing = false
        /// Whether the log says that somebody else has taken its port.
        var isSaidTaken = false
    }

    /// The control loop.
    package nonisolated let loop: EventLoop
    private let server: Server
    private let labs: Labs
    private let logger: Logger
    private var opened: [Opened] = []
    /// What opens closed ports again; nil while none is closed.
    private var refusals: Task<Void, Never>?
    /// Whether the server ends, so that what is closed stays so.
    private var isFinishing = false

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
        isOwn: Bool = false,
        behind proxies: TrustedProxies = TrustedProxies()
    ) throws(SystemError) -> Entry {
        precondition(!hasListener(named: name), "a listener's name is its own")
        guard let accepting = server.workers.first?.loop else { preconditionFailure("a server has a loop") }
        let context = ListenerContext(
            name: name,
            lab: lab,
            speaksTLS: true,
            service: SoftTokenService(lab: lab, labs: labs),
            limits: server.limits,
            log: ConnectionLog(logger),
            proxies: proxies,
            census: server.census
        )
        let (listener, serving) = try accept(at: address, context, on: accepting)
        let entry = Entry(name: name, address: listener.address, lab: lab.name, isOwn: isOwn)
        opened.append(Opened(entry: entry, listener: listener, serving: [serving]))
        return entry
    }

    private func accept(
        at address: SocketAddress,
        _ context: ListenerContext<SoftTokenService>,
        on loop: EventLoop
    ) throws(SystemError) -> (Listener<SoftTokenService>, Task<Void, Never>) {
        let listener = try Listener(
            at: address,
            context: context,
            on: loop,
            dealingTo: server.workers,
            census: server.census,
            logger: logger
        )
        return (
            listener, Task(name: "listener \(context.name)", executorPreference: loop) { await listener.serve() }
        )
    }

    /// Closes the ports of a lab's listeners that its rules want refused, and opens those again that no rule does any
    /// more.
    ///
    /// Connections go on. A port that somebody else has taken meanwhile is said in the log once, and tried until it is
    /// free.
    package func followRefusals(of lab: Lab) async {
        let refused = lab.faults.refusedListeners
        for name in opened.map(\.entry).filter({ $0.lab == lab.name }).map(\.name) {
            // Listeners may have come and gone while the one before was closed.
            guard let index = opened.firstIndex(where: { $0.entry.name == name }) else { continue }
            let wanted = refused.contains(nil) || refused.contains(name)
            guard wanted != opened[index].isRefusing else { continue }
            if wanted {
                opened[index].isRefusing = true
                opened[index].isSaidTaken = false
                await opened[index].listener.stopAccepting()
            } else {
                reopen(index)
            }
        }
        watchRefusals()
    }

    private func reopen(_ index: Int) {
        guard !isFinishing else { return }
        let closed = opened[index]
        do throws(SystemError) {
            let (listener, serving) = try accept(
                at: closed.entry.address,
                closed.listener.context,
                on: closed.listener.loop
            )
            opened[index].listener = listener
            opened[index].serving.append(serving)
            opened[index].isRefusing = false
            guard opened[index].isSaidTaken else { return }
            opened[index].isSaidTaken = false
            logger.notice("the listener is open again", metadata: ["listener": "\(closed.entry.name)"])
        } catch {
            guard !opened[index].isSaidTaken else { return }
            opened[index].isSaidTaken = true
            logger.error(
                "the listener was not opened again, and is tried on",
                metadata: ["listener": "\(closed.entry.name)", "reason": "\(error)"]
            )
        }
    }

    /// Looks after closed ports for as long as one is, and no longer: where none is, nothing wakes the loop.
    ///
    /// A rule begins to refuse only by a call of ``followRefusals(of:)``; that its time is over, or that somebody else
    /// has given a port back, nobody tells.
    private func watchRefusals() {
        guard refusals == nil, !isFinishing, opened.contains(where: \.isRefusing) else { return }
        refusals = Task(name: "refused ports") {
            while opened.contains(where: \.isRefusing), (try? await Task.sleep(for: .milliseconds(200))) != nil {
                for lab in labs.all { await followRefusals(of: lab) }
            }
            refusals = nil
        }
    }

    /// Takes a lab away.
    ///
    /// Its listeners close, exchanges under way finish within the server's grace period, and every loop forgets it.
    /// Whoever calls has taken it out of ``Labs`` and closes its store afterwards.
    package func leave(_ lab: Lab) async {
        let ending = opened.filter { $0.entry.lab == lab.name }
        opened.removeAll { $0.entry.lab == lab.name }
        for one in ending { one.listener.drain() }
        let grace = server.grace
        await withTaskGroup { group in
            let serving = ending.flatMap(\.serving)
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

    /// Keeps closed ports closed from here on: the server ends.
    package func stopReopening() {
        isFinishing = true
        refusals?.cancel()
    }

    /// Waits until every listener has ended, as they do when the server has drained.
    package func finish() async {
        stopReopening()
        await refusals?.value
        for task in opened.flatMap(\.serving) { await task.value }
        opened.removeAll()
    }
}
