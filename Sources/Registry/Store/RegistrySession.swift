package import SoftToken

/// One event loop's way to a registry; it must stay on that loop.
///
/// Reads are answered on the calling thread. Changes are collected while the loop's turn lasts and handed over together
/// by ``flush()``; their callers go on once they are durable, and from then on the session sees them.
package protocol RegistrySession: AnyObject {
    /// Answers a poll at once, by a ruling that is made of one that is used up; where it throws there is none.
    func poll(
        _ request: PollingRequest,
        _ context: RuleContext,
        into ruling: inout Ruling<PollingOutcome>
    ) throws(StoreError)

    /// The licenses that a request is about, as far as the registry knows them.
    func licenses(of request: SoftTokenRequest) throws(StoreError) -> [LicenseNumber]

    /// Decides on a request; returns once what it changes is durable.
    ///
    /// - Throws: `StoreError`; then nothing was changed, except that after `StoreError.Kind.io` nobody can tell.
    func decide(
        _ request: SoftTokenRequest,
        _ context: RuleContext
    ) async throws(StoreError) -> Ruling<SoftTokenOutcome>

    /// Hands over everything that was collected.
    func flush()
}
