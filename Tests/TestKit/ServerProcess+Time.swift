import Foundation

/// How long a running server takes, without what the machine makes it wait.
extension ServerProcess {
    /// How long each of its threads has been ready to run while no processor was free for it, by the thread's id (`schedstat`
    /// of proc(5)).
    package var processorWaits: [String: Duration] {
        let folder = "/proc/\(ready.pid)/task"
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return threads.reduce(into: [:]) { $0[$1] = Self.processorWait("\(folder)/\($1)/schedstat") }
    }

    /// How long `call` took, a call of this thread that the server answers, less what either side waited for a processor.
    ///
    /// Of the server's threads the one counts that waited longest. So what a busy machine does is left out, and what keeps
    /// the answering thread busy, or lets it sleep, is not.
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
