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
            Result { () throws(JSONTextError) in try JSONValue.read(body) }
        }
    }
}
