import Glibc

/// The sanitizer that the tests, and the servers that they start, were built with.
package enum Sanitizer {
    /// Whether there is one: memory is then kept for a while after it was freed.
    package static let isActive = ["__asan_init", "__tsan_init"]
        .contains { (name: String) in unsafe dlsym(nil, name) != nil }

    /// How much longer than usual everything may take: one that waits is not to fail where it would have succeeded.
    package static let slowdown = isActive ? 6 : 1
}
