import COpenSSL
import IO

/// What was read of the texts that were read last, for all who ask: none of it may be written (``PrivateKey``).
///
/// OpenSSL tries every form that it knows on a text: four million instructions for a key, one and a half for a
/// certificate. A start reads the same few again and again: for what it checks, what it signs with, and each context
/// that presents them.
private final class ReadTexts<Object: Sendable>: Sendable {
    private let kept = Monitor<[[UInt8]: Object]>([:])
    private let capacity = 32

    func object<Failure: Error>(of text: [UInt8], _ read: () throws(Failure) -> Object?) throws(Failure) -> Object? {
        if let known = kept.withLock({ $0[text] }) { return known }
        guard let object = try read() else { return nil }
        kept.withLock { kept in
            if kept.count == capacity { kept.removeAll() }
            kept[text] = object
        }
        return object
    }
}

/// Reads what a context needs from PEM text.
///
/// The reasons of a failure stay in the error queue.
enum PEMReader {
    private static let chains = ReadTexts<[Certificate]>()
    private static let leaves = ReadTexts<Certificate>()
    private static let keys = ReadTexts<PrivateKey>()

    /// All certificates, at least one; throws the cause that `cause` makes of the place where reading failed.
    static func certificates(
        _ text: [UInt8],
        cause: (Int) -> TLSError.Cause
    ) throws(TLSError) -> [Certificate] {
        let chain = try chains.object(of: text) { () throws(TLSError) in
            var certificates: [Certificate] = []
            ErrorQueue.clear()
            let isComplete = unsafe withBIO(text) { bio in
                while let certificate = unsafe PEM_read_bio_X509(bio, nil, nil, nil) {
                    unsafe certificates.append(Certificate(adopting: certificate))
                }
                return ErrorQueue.endsWithoutBlock()
            }
            guard isComplete, !certificates.isEmpty else { throw .failed(.configure, cause(certificates.count)) }
            ErrorQueue.clear()
            return certificates
        }
        return chain ?? []
    }

    /// The first certificate, or nil.
    static func certificate(_ text: [UInt8]) -> Certificate? {
        leaves.object(of: text) {
            unsafe withBIO(text) { bio in
                unsafe PEM_read_bio_X509(bio, nil, nil, nil).map { unsafe Certificate(adopting: $0) }
            }
        }
    }

    /// The first private key, or nil.
    static func privateKey(_ text: [UInt8]) -> PrivateKey? {
        keys.object(of: text) {
            ErrorQueue.clear()
            return unsafe withBIO(text) { bio in
                // OpenSSL's own callback would ask for a passphrase on the terminal; this one has none.
                unsafe PEM_read_bio_PrivateKey(bio, nil, { _, _, _, _ in -1 }, nil)
                    .map { unsafe PrivateKey(adopting: $0) }
            }
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
