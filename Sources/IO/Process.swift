import Glibc

/// This process.
package enum Process {
    /// Its number.
    package static var id: CInt { getpid() }

    /// Makes every file and folder that it creates from now on its owner's alone, unless a mode is given to one on purpose.
    package static func keepFilesPrivate() {
        _ = umask(0o077)
    }

    /// Ends it without running anything that waits.
    package static func exitAtOnce(_ status: CInt) -> Never {
        _exit(status)
    }
}
