import Foundation

/// A published message, as a file of `Tests/Fixtures`.
enum Fixture: String, CaseIterable {
    case activationRequest = "activation-expired.request"
    case activationResponse = "activation-expired.response"
    case provisionRequest = "provision-foreign.request"
    case provisionResponse = "provision-foreign.response"
    case pollingRequest = "polling.request"

    /// The requests, all for the endpoint of appliances.
    static let requests: [Fixture] = [.activationRequest, .provisionRequest, .pollingRequest]

    /// The file's bytes.
    var bytes: [UInt8] {
        get throws {
            let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent().appending(path: "Fixtures")
            return Array(try Data(contentsOf: folder.appending(path: "\(rawValue).json")))
        }
    }
}
