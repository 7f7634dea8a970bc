import FoundationEssentials

/// Where each lab's files lie: a folder with one folder a lab, which holds its registry, the registry as it was first
/// loaded and before a scenario, and its snapshots.
extension LabFolder {
    /// How what is not, or no longer, a lab or a snapshot ends.
    private enum Suffix {
        static let draft = ".new"
        static let removed = ".removed"
    }

    /// A lab's folder, and what a lab that is being made, or removed, has in its place: no lab's name begins with a
    /// dot.
    func folder(of lab: String) -> String { "\(path)/\(lab)" }
    func draft(of lab: String) -> String { "\(path)/.\(lab)\(Suffix.draft)" }
    func removed(of lab: String) -> String { "\(path)/.\(lab)\(Suffix.removed)" }

    /// The registry in a lab's folder, whatever that is called yet.
    func registry(in folder: String) -> String { "\(folder)/registry.sqlite" }

    /// States of a lab that it can be put back to.
    func origin(of lab: Lab) -> String { "\(folder(of: lab.name))/origin.sqlite" }
    func beforeScenario(of lab: Lab) -> String { "\(folder(of: lab.name))/before-scenario.sqlite" }
    func snapshotFolder(of lab: String) -> String { "\(folder(of: lab))/snapshots" }
    func snapshotFile(_ name: String, of lab: Lab) -> String { "\(snapshotFolder(of: lab.name))/\(name).sqlite" }

    /// The rules that people added to a lab.
    func rules(of lab: Lab) -> String { "\(folder(of: lab.name))/rules" }

    /// The labs that are there, by name.
    package var names: [String] {
        Self.files(in: path)
            .filter { Self.isName($0) && FileManager.default.fileExists(atPath: registry(in: folder(of: $0))) }
            .sorted()
    }

    /// Removes what a kill left half made or half removed.
    ///
    /// Only for the one server that has the labs open: the drafts of another would go too.
    package func sweep() {
        Self.remove(in: path) { $0.hasPrefix(".") && ($0.hasSuffix(Suffix.draft) || $0.hasSuffix(Suffix.removed)) }
        for lab in names {
            for folder in [folder(of: lab), snapshotFolder(of: lab)] {
                Self.remove(in: folder) { $0.contains(".sqlite.") && $0.hasSuffix(Suffix.draft) }
            }
        }
    }

    /// What lies in a folder; nothing where there is none.
    static func files(in folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    }

    private static func remove(in folder: String, where isLeft: (String) -> Bool) {
        for name in files(in: folder) where isLeft(name) {
            try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
        }
    }
}
