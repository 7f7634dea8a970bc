import Glibc

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
