extension Span<UInt8> {
    /// A copy of the bytes, made in one piece.
    package func copied() -> [UInt8] { unsafe withUnsafeBytes { bytes in unsafe Array(bytes) } }
}
