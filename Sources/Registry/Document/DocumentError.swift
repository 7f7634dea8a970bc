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
    /// Whether each value is right by itself, but contradicts another of the document or the registry that it joins: no
    /// schema can tell.
    package var isContradiction: Bool

    /// Joins the fields.
    package init(path: String = "", line: Int? = nil, reason: String, isContradiction: Bool = false) {
        self.path = path
        self.line = line
        self.reason = reason
        self.isContradiction = isContradiction
    }

    /// The same error, of values that contradict each other.
    var asContradiction: DocumentError {
        DocumentError(path: path, line: line, reason: reason, isContradiction: true)
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
