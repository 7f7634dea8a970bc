import HTTP
import IO

/// A request to the admin plane: everything of it that a route may ask for, copied out of the connection's buffer.
struct AdminRequest: Sendable {
    /// The method's token.
    let method: String
    /// The path and query.
    let target: RequestTarget
    /// The value of `Accept`, in lower case; empty without one.
    let accept: String
    /// The media type of the body, in lower case and without parameters; empty without one.
    let contentType: String
    /// The value of `Last-Event-ID`, which a client that lost its event stream sends.
    let lastEventID: String?
    /// The body.
    let body: [UInt8]
    /// What the body says as JSON, where that was read already.
    var json: Result<JSONValue, JSONTextError>?

    /// Copies it out, or returns nil where the target can't be decoded.
    init?(_ request: HTTP.Request, in bytes: Span<UInt8>) {
        func text(_ range: Range<Int>) -> String { String(decoding: range.map { bytes[$0] }, as: UTF8.self) }
        method = request.method.token ?? "?"
        let query = request.query.map { $0.map { bytes[$0] } }
        guard let target = RequestTarget(path: request.path.map { bytes[$0] }, query: query) else { return nil }
        self.target = target
        accept = request.value(of: "accept", in: bytes).map { text($0).lowercased() } ?? ""
        let type = request.value(of: "content-type", in: bytes).map { text($0).lowercased() } ?? ""
        contentType = type.prefix { $0 != ";" }.split(separator: " ").joined()
        lastEventID = request.value(of: "last-event-id", in: bytes).map(text)
        body = bytes.extracting(request.body).copied()
    }

    /// Joins them.
    init(
        method: String,
        target: RequestTarget,
        accept: String,
        contentType: String,
        lastEventID: String?,
        body: [UInt8]
    ) {
        self.method = method
        self.target = target
        self.accept = accept
        self.contentType = contentType
        self.lastEventID = lastEventID
        self.body = body
    }
}
