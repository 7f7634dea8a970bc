import SoftToken

/// Something for the writer to do, and whom to tell when it is durable.
@safe
enum Job: Sendable {
    /// How the outcome gets back to the one who waits.
    typealias Reply<Value> = UnsafeContinuation<Result<Value, StoreError>, Never>

    case activation(ActivationLicenseRequest, RuleContext, Reply<Ruling<ActivationOutcome>>)
    case provision(ProvisionRequest, RuleContext, Reply<Ruling<ProvisionOutcome>>)
    case claim(MobileProvisionRequest, RuleContext, Reply<Ruling<MobileOutcome>>)
    case operation(RegistryOperation, RuleContext, Reply<Ruling<OperationOutcome>>)
    case setFact(String, String, Reply<Void>)
    case load([Change], Reply<Void>)
    case replace([Change], Reply<Void>)
    case merge(RegistryDraft, Chance, Reply<RegistryDraft.Outcome>)
    case restore(String, Reply<Void>)

    /// Whether it has a transaction of its own, before which what came earlier is durable.
    var isWhole: Bool {
        switch self {
        case .replace, .merge, .restore: true
        default: false
        }
    }

    /// A job that is decided; it is told once its transaction is durable.
    @safe
    enum Decided {
        case activation(Ruling<ActivationOutcome>, Reply<Ruling<ActivationOutcome>>)
        case provision(Ruling<ProvisionOutcome>, Reply<Ruling<ProvisionOutcome>>)
        case claim(Ruling<MobileOutcome>, Reply<Ruling<MobileOutcome>>)
        case operation(Ruling<OperationOutcome>, Reply<Ruling<OperationOutcome>>)
        case merged(RegistryDraft.Outcome, Reply<RegistryDraft.Outcome>)
        case done(Reply<Void>)

        /// Tells the one who waits.
        func succeed() {
            switch self {
            case .activation(let ruling, let reply): unsafe reply.resume(returning: .success(ruling))
            case .provision(let ruling, let reply): unsafe reply.resume(returning: .success(ruling))
            case .claim(let ruling, let reply): unsafe reply.resume(returning: .success(ruling))
            case .operation(let ruling, let reply): unsafe reply.resume(returning: .success(ruling))
            case .merged(let outcome, let reply): unsafe reply.resume(returning: .success(outcome))
            case .done(let reply): unsafe reply.resume(returning: .success(()))
            }
        }
    }

    /// Tells the one who waits that nothing was changed.
    func fail(_ error: StoreError) {
        switch self {
        case .activation(_, _, let reply): unsafe reply.resume(returning: .failure(error))
        case .provision(_, _, let reply): unsafe reply.resume(returning: .failure(error))
        case .claim(_, _, let reply): unsafe reply.resume(returning: .failure(error))
        case .operation(_, _, let reply): unsafe reply.resume(returning: .failure(error))
        case .setFact(_, _, let reply): unsafe reply.resume(returning: .failure(error))
        case .load(_, let reply): unsafe reply.resume(returning: .failure(error))
        case .replace(_, let reply): unsafe reply.resume(returning: .failure(error))
        case .merge(_, _, let reply): unsafe reply.resume(returning: .failure(error))
        case .restore(_, let reply): unsafe reply.resume(returning: .failure(error))
        }
    }
}
