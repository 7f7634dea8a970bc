package import Registry
package import SoftToken

/// What a lab answers to one question.
package enum LabAnswer: Sendable {
    /// What the rules decided, beside the request that it answers.
    case decided(SoftTokenRequest, Ruling<SoftTokenOutcome>)
    /// The body was no JSON, or held no object `d`.
    case unreadable(JSONError)
    /// `__type` named nothing that the path takes.
    case unknownType
    /// A field was missing or wrong.
    case fieldInvalid(RequestType, PartialHeader, RequestField)
    /// The registry could not be read or written.
    case unavailable(StoreError)

    /// How the answer goes out.
    package enum Kind: Sendable {
        /// As an answer of the service, refusals included.
        case answered
        /// As the failure of a body that could not be read.
        case unreadable
        /// As a failure of this server, for this reason.
        case unavailable(String)
    }
}
