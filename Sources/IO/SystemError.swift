import Glibc

/// A system call that failed: which one, on what, and the kernel's reason.
package struct SystemError: Error, Hashable {
    /// The kernel's `errno`.
    package let code: CInt
    /// The call, such as `bind`.
    package let operation: String
    /// What it was asked to act on, such as an address or a path; empty where the call says it all.
    package let subject: String

    /// Records a failure; `code` is `errno` as it stood right after the call.
    package init(_ code: CInt, in operation: String, on subject: String = "") {
        self.code = code
        self.operation = operation
        self.subject = subject
    }
}

extension SystemError {
    /// The reason alone: `Permission denied`.
    package var reason: String {
        // The C library's words for this one speak of wide characters.
        if code == EILSEQ { return "no UTF-8 text" }
        return unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    }

    /// Whether whoever read what was written has left.
    package var isOfMissingReader: Bool { code == EPIPE }
}

extension SystemError: CustomStringConvertible {
    /// One line for an operator: `bind 127.0.0.1:443: Permission denied`.
    package var description: String {
        subject.isEmpty ? "\(operation): \(reason)" : "\(operation) \(subject): \(reason)"
    }
}
