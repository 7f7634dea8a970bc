/// From when until when a certificate counts, in Unix seconds, both ends included (RFC 5280 section 4.1.2.5).
package struct Validity: Sendable, Equatable {
    /// The first second.
    package var notBefore: Int64
    /// The last second.
    package var notAfter: Int64

    /// Takes both ends as they are; an end before the start makes a certificate that never counts.
    package init(notBefore: Int64, notAfter: Int64) {
        self.notBefore = notBefore
        self.notAfter = notAfter
    }

    /// Begins an hour before `now`, for peers whose clock is slow, and lasts `days` from `now`, but not past the
    /// issuer's own end, after which nothing that it signs counts.
    package init(days: Int64, from now: Int64, notPast limit: Int64 = .max) {
        self.init(notBefore: now - 3600, notAfter: min(now + days * 86_400, limit))
    }

    /// Begins an hour before the earlier of two moments and lasts `days` from the later one, so that it counts by both
    /// clocks.
    init(days: Int64, spanning moments: ClosedRange<Int64>) {
        self.init(notBefore: moments.lowerBound - 3600, notAfter: moments.upperBound + days * 86_400)
    }

    /// Whether a certificate counts at a moment.
    package func contains(_ moment: Int64) -> Bool {
        notBefore <= moment && moment <= notAfter
    }

    /// The part of it in which the issuer counts too.
    func within(_ limits: Validity) -> Validity {
        Validity(notBefore: max(notBefore, limits.notBefore), notAfter: min(notAfter, limits.notAfter))
    }

    /// Whether it is time to renew: less than a third of the whole remains, or the host's clock is before the start.
    ///
    /// `fresh` is what a certificate minted now would get. Where the issuer itself is near its end that may be no
    /// longer than what is there, and then renewing gains nothing.
    package func isDue(at now: Int64, comparedTo fresh: Validity) -> Bool {
        if now < notBefore { return true }
        let aging = 3 * (notAfter - now) < notAfter - notBefore
        return aging && fresh.notAfter > notAfter
    }
}
