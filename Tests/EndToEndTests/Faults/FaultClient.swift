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
