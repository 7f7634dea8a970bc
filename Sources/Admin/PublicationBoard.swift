import IO
package import TLS

/// Where the newest publication of the PKI hangs: its thread replaces it, the loops read it.
package final class PublicationBoard: Sendable {
    private let publication: Monitor<PKIPublication>

    /// Hangs up a first one.
    package init(_ publication: PKIPublication) {
        self.publication = Monitor(publication)
    }

    /// What hangs there now.
    package var current: PKIPublication { publication.withLock { $0 } }

    /// Replaces it, for every answer from now on.
    package func replace(with newer: PKIPublication) {
        publication.withLock { $0 = newer }
    }
}
