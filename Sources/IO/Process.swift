import CLinux
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

/// How many processors this process may run on.
package enum CoreCount {
    /// The count, at least 1: `taskset` and containers that pin are honoured, as one loop a core should.
    package static var available: Int {
        max(1, Int(c_available_cores()))
    }
}

/// How many descriptors this process may hold, which bounds how many connections it can accept.
package enum DescriptorLimit {
    /// Raises the soft limit to the hard one and returns what then holds.
    ///
    /// The soft limit is small by tradition, for programs that use `select`; this one does not.
    package static func raise() -> Int {
        var limit = rlimit()
        let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard unsafe getrlimit(kind, &limit) == 0 else { return 1024 }
        if limit.rlim_cur < limit.rlim_max {
            var raised = limit
            raised.rlim_cur = limit.rlim_max
            if unsafe setrlimit(kind, &raised) == 0 { limit = raised }
        }
        return Int(clamping: limit.rlim_cur)
    }
}
