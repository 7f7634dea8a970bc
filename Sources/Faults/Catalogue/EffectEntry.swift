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
