import Foundation
import Supplied
import TLS
import TestKit
import Testing

@testable import fauxguard

/// What comes with the program, and where it is taken from.
@Suite struct DocumentSourceTests {
    /// A scenario that nobody put into the list was not in the binary.
    @Test func `the binary holds what the repository does`() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Repository.path("Config/scenarios"))
            .filter { $0.hasSuffix(".yaml") }.map { "Config/scenarios/" + $0 }.sorted()
        #expect(SuppliedDocument.scenarios.map(\.path) == files, "Sources/CSupplied/supplied.c has the list")
        for document in [SuppliedDocument.registry, .profiles] + SuppliedDocument.scenarios {
            #expect(String(decoding: document.bytes, as: UTF8.self) == (try Repository.text(document.path)))
        }
        #expect(try ProfilesFile.read(.profiles).map(\.name) == ProfilesFile.read(Repository.profiles).map(\.name))
    }

    @Test func `what nobody named is the checkout's where there is one, and the binary's`() throws {
        let folder = try TemporaryFolder()
        var settings = Settings()
        settings.registry = folder.path(of: "missing.yaml")
        settings.profiles = folder.path(of: "missing.yaml")
        settings.scenarios = folder.path(of: "missing")
        #expect(DocumentSource.registry(for: settings) == .binary)
        #expect(DocumentSource.profiles(for: settings) == .binary)
        #expect(DocumentSource.scenarios(for: settings) == .binary)
        settings.registry = try folder.write("", to: "registry.yaml")
        #expect(DocumentSource.registry(for: settings) == .path(settings.registry, origin: "default"))
        settings.scenarios = settings.registry
        #expect(DocumentSource.scenarios(for: settings) == .binary, "a file is no folder")
    }

    @Test func `what somebody named is that or an error that names the setting`() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("", to: "file")
        func settings(_ name: String, _ text: String) throws -> Settings {
            try Settings.merge(file: nil, environment: [:], flags: [(flag: "--" + name, name: name, texts: [text])])
        }
        func refusal(_ source: DocumentSource, _ name: String, isFolder: Bool) -> String? {
            do throws(SettingsError) {
                try source.check(name, isFolder: isFolder)
                return nil
            } catch {
                return "\(error)"
            }
        }
        let missing = DocumentSource.registry(for: try settings("registry", "/nowhere.yaml"))
        #expect(missing == .path("/nowhere.yaml", origin: "--registry"))
        #expect(
            refusal(missing, "registry", isFolder: false)
                == "--registry: registry: open /nowhere.yaml: No such file or directory"
        )
        let folderForFile = DocumentSource.profiles(for: try settings("pki.profiles", folder.path))
        #expect(
            refusal(folderForFile, "pki.profiles", isFolder: false)
                == "--pki.profiles: pki.profiles: open \(folder.path): Is a directory"
        )
        let fileForFolder = DocumentSource.scenarios(for: try settings("scenarios", file))
        #expect(
            refusal(fileForFolder, "scenarios", isFolder: true)
                == "--scenarios: scenarios: open \(file): Not a directory"
        )
        #expect(DocumentSource.registry(for: try settings("registry", "none")) == DocumentSource.none)
        #expect(DocumentSource.registry(for: try settings("registry", file)) == .path(file, origin: "--registry"))
    }
}
