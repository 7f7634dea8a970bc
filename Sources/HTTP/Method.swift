/// A request method (RFC 9110 section 9).
///
/// Methods are case-sensitive: `get` is another method.
package enum Method: Equatable, Sendable {
    /// Reads a resource.
    case get
    /// Reads a resource's head only.
    case head
    /// Hands content to a resource; every provisioning request is one.
    case post
    /// Replaces a resource.
    case put
    /// Changes part of a resource (RFC 5789).
    case patch
    /// Removes a resource.
    case delete
    /// Asks what a resource takes.
    case options
    /// Asks for the request itself back; never answered, since it would echo credentials.
    case trace
    /// Any other token, as its place in the request's bytes.
    case other(Range<Int>)

    init(at range: Range<Int>, in bytes: Span<UInt8>) {
        switch range.count {
        case 3 where bytes.equals("GET", at: range): self = .get
        case 3 where bytes.equals("PUT", at: range): self = .put
        case 4 where bytes.equals("POST", at: range): self = .post
        case 4 where bytes.equals("HEAD", at: range): self = .head
        case 5 where bytes.equals("PATCH", at: range): self = .patch
        case 5 where bytes.equals("TRACE", at: range): self = .trace
        case 6 where bytes.equals("DELETE", at: range): self = .delete
        case 7 where bytes.equals("OPTIONS", at: range): self = .options
        default: self = .other(range)
        }
    }

    /// The method's token, or nil for ``other(_:)``, whose token is in the request's bytes.
    package var token: String? {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .post: "POST"
        case .put: "PUT"
        case .patch: "PATCH"
        case .delete: "DELETE"
        case .options: "OPTIONS"
        case .trace: "TRACE"
        case .other: nil
        }
    }
}
