/// What an answer says before its body.
package struct ResponseHead: Equatable, Sendable {
    /// How the answer speaks of the connection (RFC 9112 section 9.3).
    package enum Persistence: Equatable, Sendable {
        /// It stays open, which HTTP/1.1 need not say.
        case implied
        /// It stays open, said aloud for a client of HTTP/1.0.
        case keepAlive
        /// It closes after this answer.
        case close

        /// What to say to a client of a version.
        ///
        /// - Parameters:
        ///   - keepAlive: Whether the server will read another request.
        ///   - version: The version of the request that is answered.
        package init(keepAlive: Bool, version: Version) {
            self =
                switch (keepAlive, version) {
                case (false, _): .close
                case (true, .http10): .keepAlive
                case (true, .http11): .implied
                }
        }
    }

    /// The final status; interim ones have ``ResponseWriter/continueInterim``.
    package var status: Status
    /// The `Content-Type`, or nil to leave it out.
    package var contentType: FieldValue?
    /// What `Connection` says.
    package var persistence: Persistence
    /// Whether the request was HEAD: the head is written as if for the body, and the body left out.
    package var isForHead: Bool
    /// Further fields, written in this order.
    package var fields: [ResponseField]

    /// Makes a head; by default it keeps the connection open and has no further fields.
    package init(
        status: Status,
        contentType: FieldValue? = .json,
        persistence: Persistence = .implied,
        isForHead: Bool = false,
        fields: [ResponseField] = []
    ) {
        self.status = status
        self.contentType = contentType
        self.persistence = persistence
        self.isForHead = isForHead
        self.fields = fields
    }
}
