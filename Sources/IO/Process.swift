import CLinux
import Glibc

/// This process.
package enum Process {
    /// Its number.
    package static var id: CInt { getpid() }

    /// Makes every file and folder that it creates from now on its owner's alone, unless a mode is given to one on
    /// purpose.
    package static func keepFilesPrivate() {
        _ = umask(0o077)
    }

    /// Ends it without running anything that waits.
    package static func exitAtOnce(_ status: CInt) -> Never {
        _exit(status)
    }
}

extension Process {
    /// Lets go of the code that was run so far: what is run again is found in the system's cache of files, a few pages
    /// at a time.
    ///
    /// A start runs through most of the program and its libraries once, to read, to check and to make what then only
    /// serves. Nothing but code is let go, which is as it is in its file: what was written to would be lost.
    package static func letGoOfCode() {
        // Where there is no such file, nothing is let go.
        guard let maps = try? File.readText("/proc/self/maps") else { return }
        for line in maps.split(separator: "\n") {
            let fields = line.split(separator: " ", maxSplits: 5)
            guard fields.count == 6, fields[1] == "r-xp", fields[5].contains("/") else { continue }
            let bounds = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
            guard bounds.count == 2, bounds[0] < bounds[1] else { continue }
            _ = unsafe madvise(
                UnsafeMutableRawPointer(bitPattern: bounds[0]),
                Int(bounds[1] - bounds[0]),
                MADV_DONTNEED
            )
        }
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
