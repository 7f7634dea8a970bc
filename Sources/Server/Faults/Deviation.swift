package import Faults
import HTTP
import Journal
import Lab
package import SoftToken

/// What rules have to do with a connection, which is nothing with nearly all of them.
///
/// The files of this folder alone look into it.
struct ConnectionRules {
    /// What they made different about it; nil where none did.
    var deviation: Deviation?
}

extension Connection {
    /// What rules made different about it; nil where none did.
    var deviation: Deviation? {
        get { rules.deviation }
        set { rules.deviation = newValue }
    }
}

/// What rules made different about one connection; made with the first rule that acts, so that others hold nothing of
/// it.
final class Deviation {
    /// What is to be done before the story goes on, the next first.
    var steps: ArraySlice<Step> = []
    /// What is different about the handshake.
    var handshake: HandshakePlan?
    /// The name in the client's certificate.
    var clientCertificate: String?
    /// The unit that the client's certificate names, where its requests must be of it.
    var certificate: Serial?
    /// What they made different about the exchange at hand.
    var exchange = ExchangeDeviation()
    /// Whether the journal was told of the connection while it is open.
    var isMarked = false
    /// How the connection ends once the answer is sent.
    var ending: Ending?
    /// What the rules of the connection's lab had to do with it so far.
    private(set) var notes = RuleNotes()
    /// The same before the exchange at hand.
    private var earlier = RuleNotes()
    /// The part of that from before any exchange.
    private var early = RuleNotes()

    /// Forgets what was of one exchange only, before another one of the connection's lab or of another.
    func beginExchange(isOfOtherLab: Bool) {
        earlier = notes
        exchange = ExchangeDeviation(isOfOtherLab: isOfOtherLab, notes: isOfOtherLab ? RuleNotes() : early)
        exchange.alteration.certificate = certificate
    }

    /// Takes over what the rules of a lab decided at a stage: of the exchange's where there is one, or else of the
    /// connection's.
    func take(_ plan: Plan, at stage: Stage) {
        steps = steps + plan.steps
        if !plan.handshake.isOrdinary { handshake = plan.handshake }
        exchange.answer.add(plan.answer)
        exchange.notes.note(plan)
        if !exchange.isOfOtherLab || stage == .close { notes.note(plan) }
        if stage < .request { early.note(plan) }
    }

    /// A rule acted in vain.
    func retract(_ rule: String, because reason: String) {
        let miss = NearMiss(rule: rule, reason: reason)
        notes.retract(miss)
        early.retract(miss)
        exchange.notes.retract(miss)
    }

    /// A rule acted in vain on the exchange at hand; what it did to one before stands.
    func retract(_ rule: String, ofExchangeBecause reason: String) {
        let miss = NearMiss(rule: rule, reason: reason)
        exchange.notes.retract(miss)
        guard !exchange.isOfOtherLab else { return }
        if earlier.acted.contains(where: { $0.rule == rule }) { notes.note(miss) } else { notes.retract(miss) }
    }
}

/// What rules made different about one exchange.
struct ExchangeDeviation {
    /// Whether it names another lab than its connection's.
    var isOfOtherLab = false
    /// What the rules of its lab had to do with it, with what came before any exchange where that is the connection's
    /// lab.
    fileprivate(set) var notes = RuleNotes()
    /// What becomes of the request.
    var alteration = RequestAlteration()
    /// What becomes of its answer.
    var answer = AnswerPlan()
    /// How many bytes of the answer come before its body.
    var headCount = 0
    /// Whether the journal was told of it before its answer.
    var isPending = false
}

extension RuleNotes {
    /// Notes which rules a plan is of.
    fileprivate mutating func note(_ plan: Plan) {
        for rule in plan.acted { note(rule) }
        for miss in plan.nearMisses { note(miss) }
    }
}

/// What rules make of a request before the service reads it.
package struct RequestAlteration {
    /// Where the service refuses, with nothing carried out; nil where it does not.
    package var refusal: RefusalPlace?
    /// The share of its tokens that is refused; nil where all go on.
    package var partial: Double?
    /// The unit that the client's certificate names, where the request must be of it.
    package var certificate: Serial?

    /// Whether the request goes on as it is.
    package var isNone: Bool { refusal == nil && partial == nil && certificate == nil }
}
