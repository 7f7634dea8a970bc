/// What went wrong in a registry's store.
///
/// It carries what was done, to which file, and what the store or the system said; never a value of a row, so no seed
/// and no code.
package struct StoreError: Error, Sendable, Equatable {
    /// What kind of trouble it is, and so what can be done.
    package enum Kind: Sendable, Equatable {
        /// The file is no registry of this program: no database, another program's, or a damaged header. It was left
        /// alone.
        case foreign
        /// A newer version of this program wrote the file. It was left alone.
        case newer
        /// Another store, here or in another process, has the file open.
        case inUse
        /// Commits would not be durable.
        case notDurable
        /// The disk, or the limit set for the file, is full. What needs no more room still works.
        case full
        /// Reading or writing failed; what was being committed is not answered. The store goes offline.
        case io
        /// The file is damaged. The store goes offline.
        case corrupt
        /// An earlier failure took the store offline; this is repeated until it is opened again.
        case offline
        /// The store was closed.
        case closed
        /// A change contradicts what is stored.
        case conflict
        /// Anything else that the store refuses.
        case refused
    }

    /// The kind of trouble.
    package var kind: Kind
    /// What was being done, such as `commit`.
    package var operation: String
    /// The registry's file.
    package var path: String
    /// The store's own code, or the system's error number where the system refused; 0 for neither.
    package var code: Int32
    /// What the store, or this program, says of it.
    package var message: String

    /// Joins the fields.
    package init(kind: Kind, operation: String, path: String, code: Int32, message: String) {
        self.kind = kind
        self.operation = operation
        self.path = path
        self.code = code
        self.message = message
    }

    /// Whether the store can't go on after it.
    package var endsStore: Bool { kind == .io || kind == .corrupt }
}

extension StoreError: CustomStringConvertible {
    /// One line for the operator.
    package var description: String {
        let number = code == 0 ? "" : " (\(code))"
        return "registry \(path): \(operation): \(message)\(number)"
    }
}
