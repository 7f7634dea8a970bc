/// Why a registry document was refused as a whole.
///
/// It names the entry but never repeats a code or a seed.
package struct DocumentError: Error, Sendable, Equatable {
    /// The offending entry, such as `licenses[2].owner`; empty where the text as a whole is at fault.
    package var path: String
    /// Its line, counted from 1, where that is known.
    package var line: Int?
    /// What is wrong with it.
    package var reason: String

    /// Joins the fields.
    package init(path: String = "", line: Int? = nil, reason: String) {
        self.path = path
        self.line = line
        self.reason = reason
    }
}

extension DocumentError: CustomStringConvertible {
    /// One line for the operator.
    package var description: String {
        let place = [path.isEmpty ? nil : path, line.map { path.isEmpty ? "line \($0)" : "(line \($0))" }]
            .compactMap(\.self)
        return place.isEmpty ? reason : place.joined(separator: " ") + ": " + reason
    }
}
