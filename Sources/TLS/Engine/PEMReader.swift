import COpenSSL

/// A certificate that was read from PEM text.
@safe final class ReadCertificate {
    let pointer: OpaquePointer

    init(adopting pointer: OpaquePointer) {
        unsafe self.pointer = pointer
    }

    deinit {
        unsafe X509_free(pointer)
    }
}

/// A private key that was read from PEM text.
@safe final class ReadPrivateKey {
    let pointer: OpaquePointer

    init(adopting pointer: OpaquePointer) {
        unsafe self.pointer = pointer
    }

    deinit {
        unsafe EVP_PKEY_free(pointer)
    }
}

/// Reads what a context needs from PEM text.
///
/// The reasons of a failure stay in the error queue.
enum PEMReader {
    /// All certificates, at least one.
    ///
    /// - Throws: The cause that `cause` makes of the place where reading failed.
    static func certificates(
        _ text: [UInt8],
        cause: (Int) -> TLSError.Cause
    ) throws(TLSError) -> [ReadCertificate] {
        var certificates: [ReadCertificate] = []
        ErrorQueue.clear()
        let isComplete = unsafe withBIO(text) { bio in
            while let certificate = unsafe PEM_read_bio_X509(bio, nil, nil, nil) {
                unsafe certificates.append(ReadCertificate(adopting: certificate))
            }
            return ErrorQueue.endsWithoutBlock()
        }
        guard isComplete, !certificates.isEmpty else {
            throw TLSError(.configure, cause(certificates.count), reasons: ErrorQueue.drain())
        }
        ErrorQueue.clear()
        return certificates
    }

    /// The first private key, or nil.
    static func privateKey(_ text: [UInt8]) -> ReadPrivateKey? {
        ErrorQueue.clear()
        return unsafe withBIO(text) { bio in
            // OpenSSL's own callback would ask for a passphrase on the terminal; this one has none.
            unsafe PEM_read_bio_PrivateKey(bio, nil, { _, _, _, _ in -1 }, nil)
                .map { unsafe ReadPrivateKey(adopting: $0) }
        }
    }

    private static func withBIO<Value>(_ text: [UInt8], _ body: (OpaquePointer?) -> Value) -> Value {
        unsafe text.withUnsafeBytes { bytes in
            let bio = unsafe BIO_new_mem_buf(bytes.baseAddress, CInt(clamping: bytes.count))
            defer { unsafe BIO_free(bio) }
            return unsafe body(bio)
        }
    }
}
