/// What one client is seen to report, over one version or over both.
struct Sight: Sendable {
    let client: FaultClient
    let version: String?
    /// A part of what it prints.
    let report: String

    init(_ client: FaultClient, _ report: String, over version: String? = nil) {
        self.client = client
        self.version = version
        self.report = report
    }

    var versions: [String] { version.map { [$0] } ?? ["TLSv1.2", "TLSv1.3"] }
    /// Whether an answer that nothing happened to holds it as well.
    var isUsual: Bool { report.hasSuffix("200 OK") }
}
