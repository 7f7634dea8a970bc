import SoftToken

/// Something for the writer to do, and whom to tell when it is durable.
@safe
enum Job: Sendable {
    /// How the outcome gets back to the one who waits.
    typealias Reply<Value> = UnsafeContinuation<Result<Value, StoreError>, Never>

    case activation(ActivationLicenseRequest, RuleContext, Reply<Ruling<ActivationOutcome>>)
    case provision(ProvisionRequest, RuleContext, Reply<Ruling<ProvisionOutcome>>)
    case claim(MobileProvisionRequest, RuleContext, Reply<Ruling<MobileOutcome>>)
    case load([Change], Reply<Void>)

    /// A job that is decided; it is told once its transaction is durable.
    @safe
    enum Decided {
        case activation(Ruling<ActivationOutcome>, Reply<Ruling<ActivationOutcome>>)
        case provision(Ruling<ProvisionOutcome>, Reply<Ruling<ProvisionOutcome>>)
        case claim(Ruling<MobileOutcome>, Reply<Ruling<MobileOutcome>>)
        case load(Reply<Void>)

        /// Tells the one who waits.
        func succeed() {
            switch self {
            case .activation(let ruling, let reply): unsafe reply.resume(returning: .success(ruling))
            case .provision(let ruling, let reply): unsafe reply.resume(returning: .success(ruling))
            case .claim(let ruling, let reply): unsafe reply.resume(returning: .success(ruling))
            case .load(let reply): unsafe reply.resume(returning: .success(()))
            }
        }
    }

    /// Tells the one who waits that nothing was changed.
    func fail(_ error: StoreError) {
        switch self {
        case .activation(_, _, let reply): unsafe reply.resume(returning: .failure(error))
        case .provision(_, _, let reply): unsafe reply.resume(returning: .failure(error))
        case .claim(_, _, let reply): unsafe reply.resume(returning: .failure(error))
        case .load(_, let reply): unsafe reply.resume(returning: .failure(error))
        }
    }
}
