import Glibc

/// A file descriptor with exactly one owner: closing consumes it, so using it afterwards does not compile.
package struct OwnedDescriptor: ~Copyable, Sendable {
    /// The number, borrowed for system calls while the owner lives.
    package let number: CInt

    /// Takes over a descriptor that nobody else will close.
    package init(adopting number: CInt) {
        self.number = number
    }

    /// Closes it now; letting the value go does the same.
    package consuming func close() {}

    deinit {
        // Linux frees the number even where close() reports an error, so there is nothing to retry: but EBADF means
        // that somebody else closed it, and the number may by now be another connection's.
        if Glibc.close(number) != 0, errno == EBADF {
            fatalError("descriptor \(number) was closed by someone who did not own it")
        }
    }
}
