import HTTP
import IO
import Server

/// Where documents of others are read: on threads of their own, a bounded number at once, until the server stops.
///
/// A small one waits for its turn, in which one address follows another. A large one holds many times its size while it is read and brought in, so where all
/// places are taken it is told to come again, and holds nothing meanwhile.
final class DocumentPlaces: Sendable {
    /// Up to how many bytes a document counts as small.
    static let smallBytes = 1 << 20
    /// How many large documents are brought in at once.
    static let largeAtOnce = 2
    /// How many small ones are read at once: they take milliseconds.
    private static let smallAtOnce = 4

    private let small = FairTurnstile<SocketAddress.Host>(places: smallAtOnce)
    private let large = Monitor(0)
    private let readiness: Readiness

    /// All places are free.
    init(until readiness: Readiness) { self.readiness = readiness }

    /// Runs `body`, which brings in a document of so many bytes, once there is a place for it.
    ///
    /// Throws a ``Problem`` where there is none for a large one.
    func pass<Value>(bytes: Int, for caller: Caller? = nil, _ body: () async throws -> Value) async throws -> Value {
        guard bytes > Self.smallBytes else { return try await small.pass(as: caller?.host ?? .v4(0), body) }
        let isFree = large.withLock { taken in
            guard taken < Self.largeAtOnce else { return false }
            taken += 1
            return true
        }
        guard isFree else { throw Self.full }
        defer { large.withLock { $0 -= 1 } }
        return try await body()
    }

    /// Reads on a thread of its own; `read` is given what says whether the server still wants it.
    func read<Value: Sendable>(
        _ read: @escaping @Sendable (_ isWanted: @escaping @Sendable () -> Bool) throws -> Value
    ) async throws -> Value {
        let isWanted: @Sendable () -> Bool = { [readiness] in readiness.isReady }
        return try await IO.Thread.perform(named: "document") { try read(isWanted) }
    }

    private static var full: Problem {
        var problem = Problem.unavailable(
            "\(largeAtOnce) documents of more than \(smallBytes >> 20) MiB are being brought in already; try again"
        )
        problem.fields = [ResponseField("Retry-After", "2")]
        return problem
    }
}
