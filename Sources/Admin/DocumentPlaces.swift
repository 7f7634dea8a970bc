import Documents
import HTTP
import IO
import Server

/// Work that takes longer than the loop may be held.
extension AdminCall {
    /// From how many bytes on a body is not read on the loop.
    private static let largeBytes = 4096

    /// Does it on a thread once the workshop has a place, nobody is held up meanwhile; where whoever asks has gone by
    /// then it is not done.
    func aside<Value: Sendable>(
        named name: String,
        _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await installation.workshop.pass(as: caller?.host ?? .v4(0)) {
            if caller?.isGone == true { throw Problem.unavailable("the client has gone") }
            return try await IO.Thread.perform(named: name, work)
        }
    }

    /// Reads what a large body of JSON says; whether that can be used is the route's to say.
    mutating func readLargeBody() async throws {
        let body = request.body
        guard body.count > Self.largeBytes, route.body?.mediaTypes == ["application/json"] else { return }
        request.json = try await aside(named: "body") {
            Result { () throws(JSONTextError) in try JSONTextError.value(of: body) }
        }
    }
}

/// Where documents of others are read: on threads of their own, a bounded number at once, until the server stops.
///
/// A small one waits for its turn, in which one address follows another. A large one holds many times its size while it
/// is read and brought in, so where all places are taken it is told to come again, and holds nothing meanwhile.
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

extension AdminCall {
    /// Reads the body as a document, a large one takes seconds, and does something with what it says; it has its place
    /// until that is done.
    func reading<Document: Sendable, Value>(
        _ read: @escaping @Sendable ([UInt8], DocumentFormat, @escaping @Sendable () -> Bool) throws -> Document,
        _ body: (Document) async throws -> Value
    ) async throws -> Value {
        let (bytes, documents) = (request.body, installation.documents)
        let format: DocumentFormat = request.contentType == "application/json" ? .json : .yaml
        return try await documents.pass(bytes: bytes.count, for: caller) {
            try await body(try await documents.read { try read(bytes, format, $0) })
        }
    }
}

/// How many of one kind of thing that lasts may go on at a time on the admin plane, in all and for one address.
final class Quota: Sendable {
    private let what: String
    private let setting: String
    private let limit: Int
    private let limitPerAddress: Int
    /// How many go on, by address.
    private let counts = Monitor<[SocketAddress.Host: Int]>([:])

    /// At most `limit` of `what`, as `setting` has it; one address has three quarters of them at most, so that others
    /// find room.
    init(of what: String, limit: Int, setting: String) {
        self.what = what
        self.setting = setting
        self.limit = limit
        limitPerAddress = max(1, limit * 3 / 4)
    }

    /// One that goes on, for as long as this is held.
    final class Share: Sendable {
        private let quota: Quota
        private let host: SocketAddress.Host

        fileprivate init(of quota: Quota, for host: SocketAddress.Host) {
            self.quota = quota
            self.host = host
        }

        deinit { quota.giveBack(host) }
    }

    /// Begins one for whoever asks; throws a ``Problem`` that names the limit where there are enough.
    func take(for caller: Caller?) throws(Problem) -> Share {
        let host = caller?.host ?? .v4(0)
        let problem: Problem? = counts.withLock { counts in
            guard counts.values.reduce(0, +) < limit else {
                return .crowded("\(limit) \(what) go on, which is the limit (\(setting))", .serviceUnavailable)
            }
            guard counts[host, default: 0] < limitPerAddress else {
                let own = "\(limitPerAddress) \(what) of your address go on"
                return .crowded("\(own), three quarters of the limit of \(limit) (\(setting))", .tooManyRequests)
            }
            counts[host, default: 0] += 1
            return nil
        }
        if let problem { throw problem }
        return Share(of: self, for: host)
    }

    private func giveBack(_ host: SocketAddress.Host) {
        counts.withLock { counts in
            let left = counts[host, default: 1] - 1
            counts[host] = left == 0 ? nil : left
        }
    }
}
