internal import COpenSSL

/// Owns one memory BIO, through which OpenSSL reads and writes its text forms.
///
/// OpenSSL wipes the memory when it is freed, which matters for private keys.
@safe
struct TextBuffer: ~Copyable {
    /// Borrowed: valid only while the buffer is.
    let raw: OpaquePointer

    /// Makes an empty buffer to write to.
    init() throws(PKIError) {
        unsafe raw = try PKIError.object("BIO_new") { unsafe BIO_new(BIO_s_mem()) }
    }

    deinit {
        unsafe BIO_free_all(raw)
    }

    /// Makes a buffer that reads a copy of `bytes`.
    static func holding(_ bytes: Span<UInt8>) throws(PKIError) -> TextBuffer {
        let buffer = try TextBuffer()
        let written = unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe BIO_write(buffer.raw, bytes.baseAddress, CInt(bytes.count))
        }
        precondition(written == bytes.count || bytes.isEmpty, "BIO_write: out of memory")
        return buffer
    }

    /// Takes out everything written so far.
    borrowing func takeBytes() -> [UInt8] {
        let count = unsafe BIO_ctrl_pending(raw)
        return unsafe [UInt8](unsafeUninitializedCapacity: count) { bytes, initialized in
            initialized = unsafe max(0, Int(BIO_read(raw, bytes.baseAddress, CInt(count))))
        }
    }
}
