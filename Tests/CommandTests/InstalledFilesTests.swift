import Testing

@testable import fauxguard

/// Where the files that come with the program are looked for.
@Suite struct InstalledFilesTests {
    @Test(arguments: [("Certs/profiles.yaml", "profiles.yaml"), ("Config/scenarios", "scenarios")])
    func `what nobody set is looked for in the checkout, and then where it is installed`(
        standard: String,
        name: String
    ) {
        let installed = "/opt/bin/../share/fauxguard/\(name)"
        func path(_ path: String, _ isThere: @escaping (String) -> Bool) -> String {
            InstalledFiles(binary: "/opt/bin/fauxguard", isThere: isThere)
                .path(path, standard: standard, installed: name)
        }
        #expect(path(standard) { _ in true } == standard)
        #expect(path(standard) { $0 == installed } == installed)
        #expect(path(standard) { _ in false } == standard)
        #expect(path("/etc/other") { $0 == installed } == "/etc/other")
    }
}
