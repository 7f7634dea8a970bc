import Foundation

/// The descriptors that this process holds.
package enum OpenDescriptors {
    /// How many there are.
    ///
    /// Other tests open and close descriptors meanwhile, so it belongs into an exit test.
    package static var count: Int {
        get throws { try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count }
    }
}
