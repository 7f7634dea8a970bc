import SoftToken

/// One way to fail: a file of its own under `Effects`, and a line in ``Catalogue``.
///
/// An effect knows no socket and no engine. It writes into a ``Plan`` what is to happen, in the plan's words, and the
/// connection that carries the plan out knows no effect.
package protocol Effect: Sendable {
    /// What the catalogue says of it, and what its rules are checked against.
    static var entry: EffectEntry { get }

    /// Takes what a rule gives it, which is of the kinds and within the ranges that the entry names.
    ///
    /// Throws a ``RuleDefect`` where values do not go together.
    init(_ arguments: Arguments) throws(RuleDefect)

    /// The stages at which a rule of these parameters can be asked, the first first; those of the entry unless an effect
    /// says otherwise.
    var askedAt: [Stage] { get }

    /// Whether it needs the answer that went to a unit before.
    var needsPreviousAnswer: Bool { get }

    /// Why it could do nothing to any request that the rule matches; nil where it can.
    func contradiction(with match: RuleMatch) -> RuleDefect?

    /// Writes into `plan` what is to happen; `draw` is the only chance there is.
    func act(on plan: inout Plan, _ draw: inout Draw)
}

extension Effect {
    /// Those of the entry.
    package var askedAt: [Stage] { Self.entry.stages }
    /// Most do not.
    package var needsPreviousAnswer: Bool { false }
    /// Most can act on whatever is matched.
    package func contradiction(with match: RuleMatch) -> RuleDefect? { nil }

    /// The defect of an effect on tokens that a rule gives messages without any.
    func contradiction(naming what: String, with match: RuleMatch, unless isMeant: (RequestType) -> Bool) -> RuleDefect?
    {
        let messages = match.messages
        guard !messages.isEmpty, !messages.contains(where: isMeant) else { return nil }
        return RuleDefect(
            match.keys.contains(.message) ? "when.message" : "when.path",
            "\(match.messagesNamed) names no \(what), so \(Self.entry.name) has nothing to act on"
        )
    }

    /// The defect of a wait for nothing.
    func contradiction(ofWaiting latency: Duration, _ jitter: Duration) -> RuleDefect? {
        guard latency == .zero, jitter == .zero else { return nil }
        return RuleDefect("with.latency", "without a latency and a jitter nothing waits")
    }
}
