import CLinux
import Glibc

/// How many processors this process may run on.
package enum CoreCount {
    /// The count, at least 1: `taskset` and containers that pin are honoured, as one loop a core should.
    package static var available: Int {
        max(1, Int(c_available_cores()))
    }
}
