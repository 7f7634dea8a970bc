import SoftToken

/// One way to fail: a type in the file of its kind under `Effects`, and a line in ``Catalogue``.
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

    /// The stages at which a rule of these parameters can be asked, the first first; those of the entry unless an
    /// effect says otherwise.
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
}

/// What the catalogue says of one effect.
package struct EffectEntry: Sendable {
    /// What a client that nobody here wrote is seen to report; the end-to-end tests hold it.
    package struct Observation: Sendable {
        /// `curl`, `openssl s_client` or `python ssl`.
        package let client: String
        /// `TLSv1.2` or `TLSv1.3` where the two differ; nil where they do not.
        package let version: String?
        /// A part of what it reports.
        package let report: String

        /// What `client` reports over any version.
        static func curl(_ report: String, over version: String? = nil) -> Observation {
            Observation(client: "curl", version: version, report: report)
        }

        /// What Python's `ssl` module reports.
        static func python(_ report: String, over version: String? = nil) -> Observation {
            Observation(client: "python ssl", version: version, report: report)
        }

        /// What OpenSSL's own client reports.
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

    /// Whether it is about the service's messages, and has nothing to do with any other request.
    var actsOnMessages: Bool { name.hasPrefix("service.") }

    init(
        _ name: String,
        at stages: [Stage],
        ends: Bool = false,
        _ summary: String,
        parameters: [Parameter] = [],
        observed: [Observation],
        expected: String
    ) {
        self.name = name
        self.stages = stages
        self.ends = ends
        self.summary = summary
        self.parameters = parameters
        self.observed = observed
        self.expected = expected
    }
}

/// What clients report of several effects alike.
extension [EffectEntry.Observation] {
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
