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
