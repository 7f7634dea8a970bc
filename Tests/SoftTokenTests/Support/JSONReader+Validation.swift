import SoftToken

extension JSONReader {
    /// Reads a whole document and keeps nothing of it.
    static func validate(_ bytes: Span<UInt8>, limit: Int) throws(JSONError) {
        var reader = try JSONReader(bytes, limit: limit)
        try reader.skipValue(in: bytes)
        try reader.finish(in: bytes)
    }
}
