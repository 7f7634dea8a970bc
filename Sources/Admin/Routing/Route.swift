/// One operation of the admin API: where it is, what it says of itself in the OpenAPI document, and what carries it out.
///
/// The document is made of these and of nothing else, so that no route can be missing from it.
struct Route: Sendable {
    /// What carries it out, on the control loop.
    typealias Handler = @Sendable (AdminCall) async throws -> AdminAnswer

    /// The method's token.
    let method: String
    /// Where it is.
    let path: PathTemplate
    /// What it says of itself.
    let operation: Operation
    /// What carries it out.
    let handle: Handler

    /// Joins them.
    init(_ method: String, _ path: String, _ operation: Operation, _ handle: @escaping Handler) {
        self.method = method
        self.path = PathTemplate(path)
        self.operation = operation
        self.handle = handle
    }
}

/// A path with places for names: `/api/v1/labs/{lab}`.
struct PathTemplate: Sendable {
    /// The path as it is written.
    let text: String
    private let segments: [Substring]

    /// Takes the written form.
    init(_ text: String) {
        self.text = text
        segments = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    }

    /// The names of its places, in their order.
    var names: [String] { segments.filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) } }

    /// What stands in its places in a path of these segments, or nil where the path is another; a place is never empty.
    func match(_ path: [String]) -> [String: String]? {
        guard path.count == segments.count else { return nil }
        var values: [String: String] = [:]
        for (segment, text) in zip(segments, path) {
            if segment.hasPrefix("{") {
                guard !text.isEmpty else { return nil }
                values[String(segment.dropFirst().dropLast())] = text
            } else if segment != text {
                return nil
            }
        }
        return values
    }
}
