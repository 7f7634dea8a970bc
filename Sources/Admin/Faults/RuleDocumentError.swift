import Faults

/// Why a document of rules was refused: the first value that is wrong, and where it stands.
package struct RuleDocumentError: Error, Sendable, Equatable {
    /// The value's place in the document, such as `faults[2].with.profile`; empty for the document as a whole.
    package let path: String
    /// Its line, counted from 1, where that is known.
    package let line: Int?
    /// What is wrong with it.
    package let reason: String
    /// Names that may have been meant.
    package let suggestions: [String]
    /// Whether the rule is in order, but the lab as it is now has no place where it could act.
    package let isConflict: Bool

    init(_ defect: RuleDefect, in place: String = "", line: Int?, suggestions: [String] = []) {
        path = place.isEmpty || defect.path.isEmpty ? place + defect.path : "\(place).\(defect.path)"
        self.line = line
        reason = defect.reason
        self.suggestions = suggestions
        isConflict = defect.isConflict
    }
}

extension RuleDocumentError: CustomStringConvertible {
    /// One line for the operator, without the line's number.
    package var description: String {
        let hint = suggestions.isEmpty ? "" : "; did you mean \(suggestions.joined(separator: " or "))?"
        return (path.isEmpty ? reason : "\(path): \(reason)") + hint
    }
}
