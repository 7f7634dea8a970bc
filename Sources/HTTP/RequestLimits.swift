/// How much of a request a peer may make the server hold.
///
/// All are counts of bytes except ``fieldCount``. Each is clamped to 0 ... 2^40, so that no sum of them overflows.
package struct RequestLimits: Equatable, Sendable {
    /// 8 KiB: RFC 9112 section 3 asks for at least 8,000 octets.
    package static let defaultRequestLineBytes = 8 * 1024
    /// 16 KiB, as the service documents it.
    package static let defaultHeadBytes = 16 * 1024
    /// 100 fields; an appliance sends about six, a browser about twenty.
    package static let defaultFieldCount = 100
    /// 1 MiB, as the service documents it; a provisioning request is about half a kilobyte.
    package static let defaultBodyBytes = 1024 * 1024
    /// 256 bytes for one chunk's size with its extensions.
    package static let defaultChunkLineBytes = 256
    /// 64 KiB around the data of all chunks: enough for a full body in chunks of 128 bytes, and for trailers.
    package static let defaultChunkFramingBytes = 64 * 1024

    /// The request line with its CRLF; more is 414.
    package let requestLineBytes: Int
    /// Everything up to and with the blank line, empty lines before the request included; more is 431.
    package let headBytes: Int
    /// The fields of the head and of the trailers together; more is 431.
    package let fieldCount: Int
    /// The body after decoding; more is 413.
    package let bodyBytes: Int
    /// One chunk-size line with its CRLF; more is 400.
    package let chunkLineBytes: Int
    /// All of a chunked body that is not data: sizes, extensions, line ends and trailers; more is 413.
    ///
    /// Without it, one-byte chunks would make the buffer many times larger than the body.
    package let chunkFramingBytes: Int

    /// Makes limits; what is not given has its default.
    package init(
        requestLineBytes: Int = defaultRequestLineBytes,
        headBytes: Int = defaultHeadBytes,
        fieldCount: Int = defaultFieldCount,
        bodyBytes: Int = defaultBodyBytes,
        chunkLineBytes: Int = defaultChunkLineBytes,
        chunkFramingBytes: Int = defaultChunkFramingBytes
    ) {
        self.requestLineBytes = Self.clamp(requestLineBytes)
        self.headBytes = Self.clamp(headBytes)
        self.fieldCount = Self.clamp(fieldCount)
        self.bodyBytes = Self.clamp(bodyBytes)
        self.chunkLineBytes = Self.clamp(chunkLineBytes)
        self.chunkFramingBytes = Self.clamp(chunkFramingBytes)
    }

    private static func clamp(_ bytes: Int) -> Int {
        min(max(bytes, 0), 1 << 40)
    }
}
