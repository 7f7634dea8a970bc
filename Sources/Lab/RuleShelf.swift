import Documents
package import Faults
import FoundationEssentials
package import IO
import Notation

/// The rules that people added to a lab, as a file in its folder: what a restart may bring back, or at least name.
///
/// A line a rule: when it ends, in seconds of the lab's clock, or a dash, a blank, and the rule in JSON.
package struct RuleShelf: Sendable {
    private let folder: LabFolder

    /// A shelf in the labs' folders.
    package init(_ folder: LabFolder) {
        self.folder = folder
    }

    private func file(of lab: Lab) -> String { "\(folder.path)/\(lab.name)/rules" }

    /// Keeps these rules in the place of those before; blocks its caller's thread for a write.
    package func keep(_ states: [RuleState], of lab: Lab) throws(SystemError) {
        let path = file(of: lab)
        guard !states.isEmpty else {
            try? FileManager.default.removeItem(atPath: path)
            return
        }
        var bytes: [UInt8] = []
        for state in states {
            bytes += "\(state.expires.map { "\($0)" } ?? "-") ".utf8
            state.rule.value.append(to: &bytes)
            bytes.append(0x0A)
        }
        try File.replace(path, with: bytes, mode: 0o600)
    }

    /// The rules that were kept, each with what is left of its time; those whose time is over are left out.
    ///
    /// A line that can't be read, which nobody but a person wrote, is passed over.
    package func rules(of lab: Lab) throws(SystemError) -> [Rule] {
        let path = file(of: lab)
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        let now = lab.clock.now
        return try File.read(path, limit: Self.sizeLimit).split(separator: 0x0A)
            .compactMap { line in
                let parts = line.split(separator: 0x20, maxSplits: 1)
                guard parts.count == 2,
                    let rule = try? RuleDocument.readOne(Array(parts[1]), as: .json, while: { true })
                else {
                    return nil
                }
                guard let expires = Int64(String(decoding: parts[0], as: UTF8.self)) else { return rule }
                return expires > now ? rule.lasting(expires - now) : nil
            }
    }

    /// As many rules as a lab may have, each as large as one may be.
    private static let sizeLimit = 256 << 20
}
