import Foundation
package import TLS
package import TLSNames

/// What a running server holds, as the kernel counts it, and how its clients come to trust it.
extension ServerProcess {
    /// Its open descriptors.
    package var descriptorCount: Int {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(ready.pid)/fd").count) ?? 0
    }

    /// Its memory that is in use, in KiB.
    package var residentKiB: Int {
        let status = (try? String(contentsOfFile: "/proc/\(ready.pid)/status", encoding: .utf8)) ?? ""
        for line in status.split(separator: "\n") where line.hasPrefix("VmRSS:") {
            return line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        }
        return 0
    }

    /// How often each of its threads has woken from a wait, by the thread's id (`voluntary_ctxt_switches` of proc(5)).
    package var wakeups: [String: Int] {
        let folder = "/proc/\(ready.pid)/task"
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        var counts: [String: Int] = [:]
        for thread in threads {
            let status = (try? String(contentsOfFile: "\(folder)/\(thread)/status", encoding: .utf8)) ?? ""
            let line = status.split(separator: "\n").first { $0.hasPrefix("voluntary_ctxt_switches:") }
            counts[thread] = line?.split(separator: "\t").last.flatMap { Int($0) }
        }
        return counts
    }

    /// How often its threads wake in this time, all together; one that ends meanwhile has taken its count along.
    package func wakeups(in time: Duration) async throws -> Int {
        let before = wakeups
        try await Task.sleep(for: time)
        return wakeups.reduce(0) { $0 + $1.value - (before[$1.key] ?? 0) }
    }

    /// Waits until it holds at most `count` descriptors; throws with what it holds where that does not come.
    package func settle(atMost count: Int, within time: Duration = .seconds(10)) async throws {
        do {
            let isSettled = { [self] in descriptorCount <= count ? true : nil }
            _ = try await Deadline(in: time).wait(for: "settled server", isSettled)
        } catch {
            let folder = "/proc/\(ready.pid)/fd"
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            let targets = names.map {
                (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)")) ?? "?"
            }
            throw TestKitError("\(error): \(names.count) descriptors, not \(count): \(targets.sorted())")
        }
    }

    /// A context for clients that trust its CA and nothing else; not to be shared between threads.
    package func clientContext(versions: ClosedRange<ProtocolVersion> = .tls12 ... .tls13) throws -> ClientContext {
        guard let authority = FileManager.default.contents(atPath: authority) else {
            throw TestKitError("\(authority) cannot be read")
        }
        return try ClientContext(trustAnchors: Array(authority), versions: versions)
    }

    /// A client of the data plane that has shaken hands.
    package func connect(
        trusting context: ClientContext? = nil,
        timeout: Duration = TestClient.patience,
        receiveBuffer: Int? = nil
    ) throws -> TestClient {
        try TestClient(
            port: UInt16(port),
            trusting: try context ?? clientContext(),
            timeout: timeout,
            receiveBuffer: receiveBuffer
        )
    }

    /// Asks once on every loop, so that what is opened at first use is open, and returns the descriptors held then.
    package func warmUp() async throws -> Int {
        try await Blocking.run { [self] in
            let clients = try (0..<8).map { _ in try connect() }
            for client in clients { _ = try client.post("{}") }
            for client in clients { client.close() }
        }
        return try await Deadline(in: .seconds(10))
            .wait(for: "server without connections") { isWithoutConnections ? descriptorCount : nil }
    }

    /// Whether the kernel knows no connection of the data plane any more (`/proc/net/tcp`; state 01 is established, 08
    /// is half closed).
    private var isWithoutConnections: Bool {
        let table = (try? String(contentsOfFile: "/proc/\(ready.pid)/net/tcp", encoding: .utf8)) ?? ""
        let local = ":" + String(port, radix: 16, uppercase: true)
        return !table.split(separator: "\n")
            .contains { line in
                let words = line.split(separator: " ")
                return words.count > 3 && words[1].hasSuffix(local) && ["01", "08"].contains(words[3])
            }
    }
}

/// How long a running server takes, without what the machine makes it wait.
extension ServerProcess {
    /// How long each of its threads has been ready to run while no processor was free for it, by the thread's id
    /// (`schedstat` of proc(5)).
    package var processorWaits: [String: Duration] {
        let folder = "/proc/\(ready.pid)/task"
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return threads.reduce(into: [:]) { $0[$1] = Self.processorWait("\(folder)/\($1)/schedstat") }
    }

    /// How long `call` took, a call of this thread that the server answers, less what either side waited for a
    /// processor.
    ///
    /// Of the server's threads the one counts that waited longest. So what a busy machine does is left out, and what
    /// keeps the answering thread busy, or lets it sleep, is not.
    package func time(_ call: () throws -> Void) rethrows -> Duration {
        let (own, before) = (Self.processorWait("/proc/thread-self/schedstat"), processorWaits)
        let begun = ContinuousClock.now
        try call()
        let time = ContinuousClock.now - begun
        let waited = processorWaits.map { $0.value - (before[$0.key] ?? $0.value) }.max() ?? .zero
        return time - waited - (Self.processorWait("/proc/thread-self/schedstat") - own)
    }

    private static func processorWait(_ file: String) -> Duration {
        let fields = ((try? String(contentsOfFile: file, encoding: .utf8)) ?? "").split(separator: " ")
        return .nanoseconds(fields.count > 1 ? Int(fields[1]) ?? 0 : 0)
    }
}

/// The descriptors that this process holds.
package enum OpenDescriptors {
    /// How many there are.
    ///
    /// Other tests open and close descriptors meanwhile, so it belongs into an exit test.
    package static var count: Int {
        get throws { try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count }
    }
}
