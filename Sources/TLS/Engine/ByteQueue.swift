/// Bytes that wait for their reader, for wires in memory.
struct ByteQueue {
    private var bytes: [UInt8]
    private var start = 0

    init(_ bytes: [UInt8] = []) {
        self.bytes = bytes
    }

    var count: Int { bytes.count - start }

    var isEmpty: Bool { start == bytes.count }

    mutating func append(_ more: Span<UInt8>) {
        // In one piece: byte by byte, a handshake's answers took a quarter of what it costs beyond OpenSSL.
        unsafe more.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
    }

    /// Moves as much as fits into `target`; frees the storage with the last byte.
    mutating func take(into target: UnsafeMutableRawBufferPointer) -> Int {
        let moved = min(count, target.count)
        unsafe target.copyBytes(from: bytes[start..<(start + moved)])
        start += moved
        if isEmpty { self = ByteQueue() }
        return moved
    }

    /// Shows what is in it, in its order.
    func withUnread<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        unsafe bytes.withUnsafeBytes { unsafe body(UnsafeRawBufferPointer(rebasing: $0[start...])) }
    }

    /// Forgets the first bytes; frees the storage with the last one.
    mutating func drop(_ count: Int) {
        start += count
        if isEmpty { self = ByteQueue() }
    }

    /// Takes everything out.
    mutating func takeAll() -> [UInt8] {
        defer { self = ByteQueue() }
        return start == 0 ? bytes : Array(bytes[start...])
    }
}
