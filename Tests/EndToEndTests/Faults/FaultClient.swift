import TestKit

/// A client that nobody here wrote, by the name that the catalogue has for it.
enum FaultClient: String, CaseIterable {
    case curl
    case openssl = "openssl s_client"
    case python = "python ssl"

    /// Whether what it reported of the usual poll is an answer as it should be.
    func wasServed(_ report: FaultReport) -> Bool {
        guard report.text.contains("200 OK"), report.text.contains(FaultRequest.license) else { return false }
        return switch self {
        case .curl: report.exit == .exited(0)
        case .openssl: report.exit == .exited(0) && !report.text.contains("unexpected eof")
        case .python: !report.text.contains("Error: ")
        }
    }
}

/// What the clients report where no rule means them.
///
/// It is the same whatever rule there is for others, so each client is asked once by a process of tests.
actor UsualReports {
    static let shared = UsualReports()

    private struct Way: Hashable {
        let client: FaultClient
        let version: String
        let options: [String]
    }

    private var reports: [Way: Task<FaultReport, any Error>] = [:]

    /// The report of such a call, and whether the call was made for it.
    func report(of call: FaultCall) async throws -> (FaultReport, isNew: Bool) {
        let way = Way(client: call.client, version: call.version, options: call.options)
        if let report = reports[way] { return (try await report.value, false) }
        let report = Task { try await call.start().end() }
        reports[way] = report
        return (try await report.value, true)
    }
}
