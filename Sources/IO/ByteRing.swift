import Glibc

/// A fixed stretch of memory that bytes are written into for ever, each over the oldest there.
///
/// Places are counted from the first byte ever written, so that whoever remembers a place can tell whether its bytes
/// are still there. The memory is asked for once and costs nothing until it is written to.
@safe
package final class ByteRing: @unchecked Sendable {  // Used only under its owner's lock.
    /// How many bytes it holds at most.
    package let capacity: Int
    /// How many bytes were ever written: the place of the next one.
    package var end: UInt64 { written }

    // Private, so that the compiler sees every access to it and need not check any while the program runs.
    private var written: UInt64 = 0
    private let storage: UnsafeMutableRawPointer

    /// Room for `capacity` bytes, at least one.
    package init(capacity: Int) {
        precondition(capacity > 0, "a ring without room holds nothing")
        self.capacity = capacity
        unsafe storage = .allocate(byteCount: capacity, alignment: 1)
    }

    deinit { unsafe storage.deallocate() }

    /// The place of the oldest byte still there.
    package var start: UInt64 { end > UInt64(capacity) ? end - UInt64(capacity) : 0 }

    /// Writes behind what was written before, over the oldest bytes; no more than ``capacity`` at once.
    package func append(_ bytes: Span<UInt8>) {
        precondition(bytes.count <= capacity, "what is longer than the ring would overwrite itself")
        let offset = Int(end % UInt64(capacity))
        let first = min(bytes.count, capacity - offset)
        unsafe bytes.withUnsafeBytes { source in
            guard let base = source.baseAddress else { return }
            unsafe memcpy(storage + offset, base, first)
            if source.count > first { unsafe memcpy(storage, base + first, source.count - first) }
        }
        written += UInt64(bytes.count)
    }

    /// Whether these bytes lie at a place.
    package func holds(_ bytes: Span<UInt8>, at place: UInt64) -> Bool {
        guard place >= start, place + UInt64(bytes.count) <= end else { return false }
        let offset = Int(place % UInt64(capacity))
        let first = min(bytes.count, capacity - offset)
        return unsafe bytes.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return true }
            return unsafe memcmp(storage + offset, base, first) == 0
                && memcmp(storage, base + first, bytes.count - first) == 0
        }
    }

    /// Copies out what lies at these places; nil where some of it was overwritten or never written.
    package func read(_ range: Range<UInt64>) -> [UInt8]? {
        guard range.lowerBound >= start, range.upperBound <= end else { return nil }
        let count = Int(range.upperBound - range.lowerBound)
        let offset = Int(range.lowerBound % UInt64(capacity))
        let first = min(count, capacity - offset)
        return unsafe [UInt8](unsafeUninitializedCapacity: count) { target, filled in
            if let base = target.baseAddress, count > 0 {
                unsafe memcpy(base, storage + offset, first)
                unsafe memcpy(base + first, storage, count - first)
            }
            filled = count
        }
    }
}

extension Span<UInt8> {
    /// A copy of the bytes, made in one piece.
    package func copied() -> [UInt8] { unsafe withUnsafeBytes { bytes in unsafe Array(bytes) } }
}
