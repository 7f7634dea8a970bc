import Registry
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
    case load([Change], Reply<Void>)
    /// The registry becomes what these changes make of an empty one; the facts are kept with it.
    case replace([Change], RegistryFacts, Reply<RegistryCounts>)
    /// The draft's entries join the registry, or replace what is there; the facts are kept with them.
    case merge(DocumentDraft, Chance, RegistryFacts, Reply<MergeOutcome>)
    case facts(RegistryFacts, Reply<Void>)
    /// The registry becomes the one in a snapshot's file, but for these facts.
    case restore(String, RegistryFacts, Reply<Void>)

    /// Whether the job needs a transaction of its own: it takes long, or works on two files.
    var isAlone: Bool {
        switch self {
        case .activation, .provision, .claim, .operation, .load, .facts: false
        case .replace, .merge, .restore: true
        }
    }

    /// A job that is decided; it is told once its transaction is durable.
    @safe
    enum Decided {
        case activation(Ruling<ActivationOutcome>, Reply<Ruling<ActivationOutcome>>)
        case provision(Ruling<ProvisionOutcome>, Reply<Ruling<ProvisionOutcome>>)
        case claim(Ruling<MobileOutcome>, Reply<Ruling<MobileOutcome>>)
        case operation(Ruling<OperationOutcome>, Reply<Ruling<OperationOutcome>>)
        case replaced(RegistryCounts, Reply<RegistryCounts>)
        case merged(MergeOutcome, Reply<MergeOutcome>)
        case done(Reply<Void>)

        /// Tells the one who waits.
        func succeed() {
            switch self {
            case .activation(let ruling, let reply): unsafe reply.resume(returning: .success(ruling))
            case .provision(let ruling, let reply): unsafe reply.resume(returning: .success(ruling))
            case .claim(let ruling, let reply): unsafe reply.resume(returning: .success(ruling))
            case .operation(let ruling, let reply): unsafe reply.resume(returning: .success(ruling))
            case .replaced(let counts, let reply): unsafe reply.resume(returning: .success(counts))
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
        case .replace(_, _, let reply): unsafe reply.resume(returning: .failure(error))
        case .merge(_, _, _, let reply): unsafe reply.resume(returning: .failure(error))
        case .load(_, let reply), .facts(_, let reply), .restore(_, _, let reply):
            unsafe reply.resume(returning: .failure(error))
        }
    }
}
