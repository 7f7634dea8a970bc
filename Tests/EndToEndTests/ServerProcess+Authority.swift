import Foundation
import TestKit

extension ServerProcess {
    /// The base of the URLs of the CA's listener, as the banner has it; throws where it was not asked for.
    func authorityListener() throws -> String {
        let line = process.output.split(separator: "\n").first { $0.contains("/ca.pem") }
        let url = line?.split(separator: " ").first { $0.hasPrefix("http://") }
        guard let url else { throw TestKitError("no CA's listener: \(process.output)") }
        return String(url.dropLast("/ca.pem,".count))
    }

    /// The path of a file of the PKI.
    func certificateFile(_ name: String) -> String {
        URL(filePath: authority).deletingLastPathComponent().appending(path: name).path
    }
}
