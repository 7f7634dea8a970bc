import Foundation

/// Where the files are that tests use.
package enum Repository {
    /// The folder of `Package.swift`, without a slash at the end.
    package static let root: String =
        URL(filePath: #filePath)  // Tests/TestKit/Repository.swift
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    /// The built executable: SwiftPM puts it beside the test bundle, whatever the configuration and the scratch path.
    package static let binary: String = {
        let bundle = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(filePath: bundle).deletingLastPathComponent().appending(path: "fauxguard").path
    }()

    /// The demo lab's registry document.
    package static let demoLab = path("Config/registry.yaml")

    /// The certificate profiles.
    package static let profiles = path("Certs/profiles.yaml")

    /// A published request or answer.
    package static func fixture(_ name: String) throws -> String { try text("Tests/Fixtures/" + name) }

    /// The path of a file of the repository.
    package static func path(_ relative: String) -> String { root + "/" + relative }

    /// The text of a file of the repository.
    package static func text(_ relative: String) throws -> String {
        try String(contentsOfFile: path(relative), encoding: .utf8)
    }
}
