import Faults
import Journal
import Lab

/// The one translation of what the rules decide into what a connection does.
extension Connection {
    /// Notes that the connection reached `stage` and asks its lab's rules what they want of it there.
    ///
    /// No rule can be written yet, so every plan is empty and there is nothing to act on.
    @inline(never)
    func pass(_ stage: Stage) throws(ConnectionEnd) {
        self.stage = stage
        let plan = listener.lab?.rules.plan(at: stage, facts) ?? .none
        assert(plan.isEmpty, "a plan that nothing here acts on")
    }
}
