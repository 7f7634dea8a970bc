import Notation

/// Why a document was refused as a whole: the first thing that is wrong, and what else is.
///
/// It names the place but never repeats a code or a seed.
package struct DocumentError: Error, Sendable, Equatable {
    /// What kind of refusal this is.
    package enum Kind: Sendable, Equatable {
        /// The document can be read, but something in it is not in order.
        case matter
        /// The bytes are not of the notation that they should be, or go beyond its bounds.
        case notation
        /// There is nothing in it.
        case empty
        /// Whoever wanted it read does not any more.
        case stopped
    }

    /// How many things that are wrong are told of a document.
    package static let limit = 20

    /// The offending value, such as `licenses[2].owner`; empty where the text as a whole is at fault.
    package var path: String
    /// Its line, counted from 1, where that is known.
    package var line: Int?
    /// What is wrong with it.
    package var reason: String
    /// What kind of refusal this is.
    package var kind: Kind
    /// Names that may have been meant.
    package var suggestions: [String] = []
    /// Whether each value is right by itself, but contradicts another of the document or of what it joins: no schema
    /// can tell.
    package var isContradiction = false
    /// What else is wrong, in the document's order; none of these has any further ones.
    package var others: [DocumentError] = []
    /// How many more there are that are not told.
    package var untold = 0

    /// Joins the fields.
    package init(path: String = "", line: Int? = nil, reason: String, kind: Kind = .matter) {
        self.path = path
        self.line = line
        self.reason = reason
        self.kind = kind
    }

    /// Everything that is told, this first.
    package var all: [DocumentError] {
        var first = self
        first.others = []
        first.untold = 0
        return [first] + others
    }

    /// The same, of values that contradict each other.
    package var asContradiction: DocumentError {
        var error = self
        error.isContradiction = true
        error.others = others.map(\.asContradiction)
        return error
    }

    /// The same where `parent` holds the document; a line that nobody knows is the parent's.
    package func within(_ parent: String, at line: Int? = nil) -> DocumentError {
        var error = self
        error.path = path.isEmpty || path.hasPrefix("[") ? parent + path : "\(parent).\(path)"
        error.line = self.line ?? line
        error.others = others.map { $0.within(parent, at: line) }
        return error
    }
}

extension DocumentError: CustomStringConvertible {
    /// What is wrong, each thing on a line of its own where there are more.
    package var description: String { lines(after: sentence()).joined(separator: "\n") }

    private func lines(after first: String) -> [String] {
        [first] + others.map { $0.sentence() } + (untold > 0 ? ["and \(untold) more"] : [])
    }

    /// The first thing that is wrong, in one line.
    package func sentence(withHint: Bool = true) -> String {
        let place = [path.isEmpty ? nil : path, line.map { path.isEmpty ? "line \($0)" : "(line \($0))" }]
            .compactMap(\.self)
        return (place.isEmpty ? "" : place.joined(separator: " ") + ": ") + reason + (withHint ? hint : "")
    }

    /// What is wrong without the first line's number, for whoever tells it apart; the others say theirs.
    package var reasons: [String] { lines(after: (path.isEmpty ? "" : "\(path): ") + reason + hint) }

    /// The names that may have been meant, as the end of a sentence.
    package var hint: String { Wording.suggestion(suggestions) }
}

/// Collects what is wrong with a document while the rest of it is looked at.
///
/// A reference, because the readers of a document's parts share it; it stays on the thread that reads.
package final class DocumentDefects {
    private var told: [DocumentError] = []
    /// How many things are wrong.
    package private(set) var count = 0

    /// Nothing is wrong yet.
    package init() {}

    /// Notes what is wrong, and what the error itself brings along.
    package func note(_ error: DocumentError) {
        for one in error.all {
            count += 1
            if told.count < DocumentError.limit { told.append(one) }
        }
        count += error.untold
    }

    /// Runs `body`, and notes what it throws.
    package func collect<Value>(_ body: () throws(DocumentError) -> Value) -> Value? {
        do throws(DocumentError) {
            return try body()
        } catch {
            note(error)
            return nil
        }
    }

    /// Everything that was noted, in the order of the document's lines; nil where nothing was.
    package var error: DocumentError? {
        let sorted = told.enumerated()
            .sorted { ($0.element.line ?? .max, $0.offset) < ($1.element.line ?? .max, $1.offset) }
            .map(\.element)
        guard var first = sorted.first else { return nil }
        first.others = Array(sorted.dropFirst())
        first.untold = count - told.count
        return first
    }

    /// Throws everything that was noted, if anything was.
    package func check() throws(DocumentError) {
        if let error { throw error }
    }
}
