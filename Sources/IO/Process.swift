import Glibc

/// This process.
package enum Process {
    /// Its number.
    package static var id: CInt { getpid() }

    /// Ends it without running anything that waits.
    package static func exitAtOnce(_ status: CInt) -> Never {
        _exit(status)
    }
}
