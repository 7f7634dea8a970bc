import SoftToken

/// One way to fail: a value in the file of its kind under `Effects`, and its name in ``Catalogue``.
///
/// An effect knows no socket and no engine. It writes into a ``Plan`` what is to happen, in the plan's words, and the
/// connection that carries the plan out knows no effect.
package struct Effect: Sendable {
    /// What a client that nobody here wrote is seen to report; the end-to-end tests hold it.
    package struct Observation: Sendable {
        /// `curl`, `openssl s_client` or `python ssl`.
        package let client: String
        /// `TLSv1.2` or `TLSv1.3` where the two differ; nil where they do not.
        package let version: String?
        /// A part of what it reports.
        package let report: String

        static func curl(_ report: String, over version: String? = nil) -> Observation {
            Observation(client: "curl", version: version, report: report)
        }

        static func python(_ report: String, over version: String? = nil) -> Observation {
            Observation(client: "python ssl", version: version, report: report)
        }

        static func openssl(_ report: String, over version: String? = nil) -> Observation {
            Observation(client: "openssl s_client", version: version, report: report)
        }
    }

    /// Its name, such as `tls.certificate`.
    package let name: String
    /// Where it acts, the first first.
    package let stages: [Stage]
    /// Whether it ends the exchange or the connection, so that no later rule acts at that stage.
    package let ends: Bool
    /// What it does, in one sentence.
    package let summary: String
    /// What it takes.
    package let parameters: [Parameter]
    /// What clients are seen to report.
    package let observed: [Observation]
    /// What a correct client does.
    package let expected: String
    /// What it does under a rule that gives it these values, which are of the kinds and within the ranges that its
    /// parameters name.
    ///
    /// Throws a ``RuleDefect`` where values do not go together.
    let action: @Sendable (Arguments) throws(RuleDefect) -> Action

    /// Whether it is about the service's messages, and has nothing to do with any other request.
    var actsOnMessages: Bool { name.hasPrefix("service.") }

    init(
        _ name: String,
        at stages: [Stage],
        ends: Bool = false,
        _ summary: String,
        parameters: [Parameter] = [],
        observed: [Observation],
        expected: String,
        action: @escaping @Sendable (Arguments) throws(RuleDefect) -> Action
    ) {
        self.name = name
        self.stages = stages
        self.ends = ends
        self.summary = summary
        self.parameters = parameters
        self.observed = observed
        self.expected = expected
        self.action = action
    }
}

extension Effect {
    /// What an effect does under one rule.
    package struct Action: Sendable {
        /// The stages at which the rule can be asked, the first first; nil for the effect's own.
        var stages: [Stage]?
        /// What a message has to name for it to act on; nil where any will do.
        var subject: Subject?
        /// Whether it needs the answer that went to a unit before.
        var needsPreviousAnswer = false
        /// Why it could do nothing to any request that the rule matches; nil where it can.
        var contradiction: @Sendable (RuleMatch) -> RuleDefect? = { _ in nil }
        /// Writes into the plan what is to happen; the draw is the only chance there is.
        let act: @Sendable (inout Plan, inout Draw) -> Void

        /// One that changes the answer.
        static func edit(
            of subject: Subject? = nil,
            needsPreviousAnswer: Bool = false,
            contradiction: @escaping @Sendable (RuleMatch) -> RuleDefect? = { _ in nil },
            _ change: @escaping AnswerPlan.Edit
        ) -> Action {
            Action(
                subject: subject,
                needsPreviousAnswer: needsPreviousAnswer,
                contradiction: contradiction,
                act: { plan, _ in plan.answer.edit(change) }
            )
        }
    }

    /// What some messages name and others do not.
    enum Subject: String {
        case unit, peer, token

        func isNamed(by type: RequestType) -> Bool { self == .token ? type.namesTokens : type != .mobile }
    }
}

/// What clients report of several effects alike.
extension [Effect.Observation] {
    /// That nothing is wrong.
    static var success: Self { [.curl("HTTP/1.1 200 OK"), .openssl("HTTP/1.1 200 OK"), .python("200 OK")] }

    /// An end of the connection before the handshake's.
    static var endInHandshake: Self {
        [
            .curl("OpenSSL SSL_connect: SSL_ERROR_SYSCALL"),
            .openssl("unexpected eof while reading"),
            .python("SSLZeroReturnError: TLS/SSL connection has been closed (EOF)"),
        ]
    }

    /// A handshake in which nothing comes.
    static var silenceInHandshake: Self {
        [.curl("curl: (28) Connection timed out after"), .python("The handshake operation timed out")]
    }
}
