package import SoftToken

/// One event loop's way to a registry; it must stay on that loop.
///
/// Reads are answered on the calling thread. Changes are collected while the loop's turn lasts and handed over together by
/// ``flush()``; their callers go on once they are durable, and from then on the session sees them.
package protocol RegistrySession: AnyObject {
    /// Answers a poll at once, by a ruling that is made of one that is used up.
    ///
    /// - Throws: `StoreError` where the registry can't be read; there is no ruling then.
    func poll(
        _ request: PollingRequest,
        _ context: RuleContext,
        into ruling: inout Ruling<PollingOutcome>
    ) throws(StoreError)

    /// The licenses that a request is about, as far as the registry knows them (``Rules/licenses(of:in:)``).
    ///
    /// - Throws: `StoreError` where the registry can't be read.
    func licenses(of request: SoftTokenRequest) throws(StoreError) -> [LicenseNumber]

    /// Redeems a code; returns once what it changed is durable.
    ///
    /// - Throws: `StoreError`; then nothing was changed, except that after `StoreError.Kind.io` nobody can tell.
    func activate(
        _ request: ActivationLicenseRequest,
        _ context: RuleContext
    ) async throws(StoreError) -> Ruling<ActivationOutcome>

    /// Lodges seeds; returns once they are durable.
    ///
    /// - Throws: `StoreError`, as ``activate(_:_:)`` does.
    func provision(
        _ request: ProvisionRequest,
        _ context: RuleContext
    ) async throws(StoreError) -> Ruling<ProvisionOutcome>

    /// Redeems an activation code for a phone; returns once the claim is durable.
    ///
    /// - Throws: `StoreError`, as ``activate(_:_:)`` does.
    func claim(
        _ request: MobileProvisionRequest,
        _ context: RuleContext
    ) async throws(StoreError) -> Ruling<MobileOutcome>

    /// Hands over everything that was collected.
    func flush()
}

extension RegistrySession {
    /// Answers a poll at once.
    ///
    /// - Throws: `StoreError` where the registry can't be read.
    package func poll(_ request: PollingRequest, _ context: RuleContext) throws(StoreError) -> Ruling<PollingOutcome> {
        var ruling = Ruling(outcome: PollingOutcome(tokens: [], refusal: nil))
        try poll(request, context, into: &ruling)
        return ruling
    }
}
