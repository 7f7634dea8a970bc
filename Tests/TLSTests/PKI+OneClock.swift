import TLS

/// The common case in which only one clock is followed.
extension PKI {
    /// A first publication by one clock.
    func publication(revoking revoked: [Revocation] = [], now: Int64) throws -> PKIPublication {
        try publication(revoking: revoked, spanning: now...now, number: 1)
    }
}

extension OCSPResponder {
    /// An answer by one clock.
    func answer(_ request: Span<UInt8>, now: Int64) -> [UInt8] {
        answer(request, spanning: now...now)
    }
}
