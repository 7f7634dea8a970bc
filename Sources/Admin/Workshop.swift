import IO
import Server

/// Where what takes longer than the loop may be held is done: on threads of their own, few at once, for one address after
/// another.
///
/// Each connection may ask for such work at the same time. A thread for each would leave the loop, and those who are served,
/// little of the machine.
final class Workshop: Sendable {
    /// How many threads work at once.
    private static let places = 2

    private let turnstile = FairTurnstile<SocketAddress.Host>(places: places)

    /// Does `work` once there is a place, for whoever asks; where they have gone meanwhile it is not done.
    func perform<Value: Sendable>(
        named name: String,
        for caller: Caller?,
        _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await turnstile.pass(as: caller?.host ?? .v4(0)) {
            if caller?.isGone == true { throw Problem.unavailable("the client has gone") }
            return try await IO.Thread.perform(named: name, work)
        }
    }
}

/// Work that takes longer than the loop may be held.
extension AdminCall {
    /// From how many bytes on a body is not read on the loop.
    private static let largeBytes = 4096

    /// Does it on a thread, one of few at once; nobody is held up meanwhile.
    func aside<Value: Sendable>(
        named name: String,
        _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await installation.workshop.perform(named: name, for: caller, work)
    }

    /// Reads what a large body of JSON says; whether that can be used is the route's to say.
    mutating func readLargeBody(for operation: Operation) async throws {
        let body = request.body
        guard body.count > Self.largeBytes, operation.body?.mediaTypes == ["application/json"] else { return }
        request.json = try await aside(named: "body") {
            Result { () throws(JSONTextError) in try JSONTextError.value(of: body) }
        }
    }
}
