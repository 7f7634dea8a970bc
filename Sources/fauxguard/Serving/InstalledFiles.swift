import FoundationEssentials

/// What comes with the program: as set, or as installed beside the binary where nobody set it and there is no checkout.
struct InstalledFiles {
    /// The file of certificate profiles.
    static func profiles(for settings: Settings) -> String {
        running.path(settings.profiles, standard: Settings().profiles, installed: "profiles.yaml")
    }

    /// The folder of scenarios.
    static func scenarios(for settings: Settings) -> String {
        running.path(settings.scenarios, standard: Settings().scenarios, installed: "scenarios")
    }

    /// The binary's own path; nil where that can't be told.
    let binary: String?
    /// Whether something is on the disk.
    let isThere: (String) -> Bool

    private static var running: InstalledFiles {
        InstalledFiles(binary: try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) {
            FileManager.default.fileExists(atPath: $0)
        }
    }

    /// Where something is that is set to `path`, stands at `standard` in a checkout, and is installed as `name`.
    func path(_ path: String, standard: String, installed name: String) -> String {
        guard path == standard, !isThere(path), let binary else { return path }
        let folder = binary.lastIndex(of: "/").map { binary[..<$0] } ?? "."
        let installed = "\(folder)/../share/fauxguard/\(name)"
        return isThere(installed) ? installed : path
    }
}
