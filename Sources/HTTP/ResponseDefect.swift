/// Why the bytes of a server are not taken as an answer; after one the connection is of no use.
package enum ResponseDefect: Error, Equatable, Sendable {
    /// The first line is not `HTTP/1.x SP code SP reason`: something other than HTTP speaks there.
    case notHTTP
    /// A version whose major number is not 1.
    case unsupportedVersion
    /// 101, for which nobody asked.
    case upgrade
    /// More interim answers than ``ResponseReader/toleratedInterims``.
    case interims
    /// A rule of framing or of fields that requests and answers share.
    case broken(Refusal.Rule)
    /// The connection ended before the answer did.
    case truncated
}

extension ResponseDefect: CustomStringConvertible {
    /// One clause for a person, without a period.
    package var description: String {
        switch self {
        case .notHTTP: "the answer is not HTTP/1.x"
        case .unsupportedVersion: "the answer is of another version of HTTP"
        case .upgrade: "the answer switches to another protocol"
        case .interims: "the server sends interim answers without end"
        case .broken(let rule): rule.reason
        case .truncated: "the connection ended in the middle of the answer"
        }
    }
}
