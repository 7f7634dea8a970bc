internal import COpenSSL

/// How long OpenSSL's own state lives.
package enum LibraryLifetime {
    /// Keeps it until the process is gone; to be called before anything else of this module.
    ///
    /// OpenSSL would take itself apart as soon as `main` returns. A loop's thread that lets go of its last context only then
    /// would find nobody any more who knows how to free what the context holds.
    package static func keepToTheEnd() {
        _ = OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_ATEXIT), nil)
    }
}
