package import TLS

/// Why a ``TestClient`` could not do what it was asked.
package enum TestClientError: Error {
    /// A socket call failed with this `errno`.
    case system(CInt, operation: String)
    /// Nothing happened in the time given.
    case timedOut(String)
    /// The peer ended the connection instead.
    case ended(String)
    /// The peer reset the connection instead.
    case reset(String)
    /// TLS failed.
    case tls(TLSError)
    /// What came is no HTTP answer; the beginning of it.
    case notHTTP(String)
}
