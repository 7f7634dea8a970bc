import FoundationEssentials

/// Where each lab's files lie: a folder with one folder a lab, which holds its registry, the registry as it was first
/// loaded and before a scenario, and its snapshots.
struct LabPaths: Sendable {
    /// The folder of all labs.
    let root: String

    /// How what is not, or no longer, a lab or a snapshot ends.
    private enum Suffix {
        static let draft = ".new"
        static let removed = ".removed"
    }

    /// A lab's folder, and what a lab that is being made, or removed, has in its place: no lab's name begins with a
    /// dot.
    func folder(of lab: String) -> String { "\(root)/\(lab)" }
    func draft(of lab: String) -> String { "\(root)/.\(lab)\(Suffix.draft)" }
    func removed(of lab: String) -> String { "\(root)/.\(lab)\(Suffix.removed)" }

    /// The registry in a lab's folder, whatever that is called yet.
    func registry(in folder: String) -> String { "\(folder)/registry.sqlite" }

    /// States of a lab that it can be put back to.
    func origin(of lab: Lab) -> String { "\(folder(of: lab.name))/origin.sqlite" }
    func beforeScenario(of lab: Lab) -> String { "\(folder(of: lab.name))/before-scenario.sqlite" }
    func snapshots(of lab: Lab) -> String { snapshots(of: lab.name) }
    func snapshot(_ name: String, of lab: Lab) -> String { "\(snapshots(of: lab))/\(name).sqlite" }

    private func snapshots(of lab: String) -> String { "\(folder(of: lab))/snapshots" }

    /// The labs that are there, by name.
    var labs: [String] {
        Self.files(in: root)
            .filter { LabFolder.isName($0) && FileManager.default.fileExists(atPath: registry(in: folder(of: $0))) }
            .sorted()
    }

    /// The names of what may be snapshots of the lab.
    func snapshotNames(of lab: Lab) -> [String] {
        Self.files(in: snapshots(of: lab)).filter { $0.hasSuffix(".sqlite") }
            .map { String($0.dropLast(".sqlite".count)) }
    }

    /// Removes what a kill left half made or half removed.
    func sweep() {
        Self.remove(in: root) { $0.hasPrefix(".") && ($0.hasSuffix(Suffix.draft) || $0.hasSuffix(Suffix.removed)) }
        for lab in labs {
            for folder in [folder(of: lab), snapshots(of: lab)] {
                Self.remove(in: folder) { $0.contains(".sqlite.") && $0.hasSuffix(Suffix.draft) }
            }
        }
    }

    private static func files(in folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    }

    private static func remove(in folder: String, where isLeft: (String) -> Bool) {
        for name in files(in: folder) where isLeft(name) {
            try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
        }
    }
}
