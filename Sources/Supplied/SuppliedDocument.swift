import CSupplied

/// A document that comes with the program and is in the binary, so that the binary alone serves.
@safe
package struct SuppliedDocument: Sendable {
    /// The file's path in the repository.
    package let path: String
    /// What the file held when the program was built.
    package let bytes: [UInt8]

    private init(_ document: supplied_document) {
        path = unsafe String(cString: document.path)
        bytes = unsafe Array(String(cString: document.text).utf8)
    }

    /// The demo lab.
    package static let registry = unsafe SuppliedDocument(supplied_registry)
    /// The certificate profiles.
    package static let profiles = unsafe SuppliedDocument(supplied_profiles)
    /// The scenarios, by name.
    package static let scenarios = (0..<supplied_scenario_count)
        .compactMap { number in
            unsafe supplied_scenario(number).map { unsafe SuppliedDocument($0.pointee) }
        }
}
