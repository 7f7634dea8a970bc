import CSQLite
import Glibc
import IO

/// The memory that SQLite has: small blocks that it gives back are kept, by their size, and given out again.
///
/// Each run of a statement takes a dozen blocks and gives them back at its end: a cursor each, texts of columns, the
/// record that is written. SQLite has memory of a connection's own for that, its lookaside, which Debian builds it
/// without. Any thread may ask; what one gave back another may get.
@safe
final class BlockPool: Sendable {
    /// What all connections take from.
    static let shared = BlockPool()

    private let shelves = Monitor(Shelves())

    /// Sizes are multiples of this.
    static let unit = 64
    /// The size of the largest blocks that are kept: a cursor takes a few hundred bytes.
    static let largest = 1_024
    /// How many blocks of a size are kept, and so 270 KiB at most.
    static let depth = 32
    /// What stands before a block: its size.
    private static let header = 16

    /// Free blocks of each size, linked through their first words.
    @safe private struct Shelves: @unchecked Sendable {  // whoever has the monitor has the blocks
        private typealias Shelf = (top: UnsafeMutableRawPointer?, count: Int)
        private let shelves: UnsafeMutablePointer<Shelf>

        init() {
            let count = BlockPool.largest / BlockPool.unit
            unsafe shelves = .allocate(capacity: count)
            unsafe shelves.initialize(repeating: (nil, 0), count: count)
        }

        mutating func take(_ shelf: Int) -> UnsafeMutableRawPointer? {
            guard let top = unsafe shelves[shelf].top else { return nil }
            unsafe shelves[shelf].top = unsafe top.load(as: UnsafeMutableRawPointer?.self)
            unsafe shelves[shelf].count -= 1
            return unsafe top
        }

        /// Gives everything back for good.
        mutating func end() {
            for shelf in 0..<BlockPool.largest / BlockPool.unit {
                while let block = unsafe take(shelf) { unsafe free(block - BlockPool.header) }
            }
            unsafe shelves.deallocate()
        }

        /// Whether there was room for it.
        mutating func keep(_ block: UnsafeMutableRawPointer, _ shelf: Int) -> Bool {
            guard unsafe shelves[shelf].count < BlockPool.depth else { return false }
            unsafe block.storeBytes(of: shelves[shelf].top, as: UnsafeMutableRawPointer?.self)
            unsafe shelves[shelf].top = unsafe block
            unsafe shelves[shelf].count += 1
            return true
        }
    }

    deinit { shelves.withLock { $0.end() } }

    /// How many bytes a block for `size` has.
    static func capacity(for size: Int) -> Int { (max(size, 1) + unit - 1) / unit * unit }

    /// How many bytes a block has.
    func capacity(of block: UnsafeMutableRawPointer) -> Int {
        unsafe (block - Self.header).load(as: Int.self)
    }

    /// A block of at least `size` bytes; nil where there is no memory.
    func take(_ size: Int) -> UnsafeMutableRawPointer? {
        let capacity = Self.capacity(for: size)
        if capacity <= Self.largest {
            if let kept = unsafe shelves.withLock({ unsafe $0.take(capacity / Self.unit - 1) }) { return unsafe kept }
        }
        guard let start = unsafe malloc(Self.header + capacity) else { return nil }
        unsafe start.storeBytes(of: capacity, as: Int.self)
        return unsafe start + Self.header
    }

    /// Takes a block back.
    func giveBack(_ block: UnsafeMutableRawPointer) {
        let capacity = unsafe capacity(of: block)
        if capacity <= Self.largest {
            if shelves.withLock({ unsafe $0.keep(block, capacity / Self.unit - 1) }) { return }
        }
        unsafe free(block - Self.header)
    }

    /// The block, or a larger one with its bytes in its place; nil where there is no memory, and the block stays.
    func resize(_ block: UnsafeMutableRawPointer, _ size: Int) -> UnsafeMutableRawPointer? {
        let capacity = unsafe capacity(of: block)
        if size <= capacity { return unsafe block }
        guard let larger = unsafe take(size) else { return nil }
        unsafe larger.copyMemory(from: block, byteCount: capacity)
        unsafe giveBack(block)
        return unsafe larger
    }

    /// Has SQLite take its memory here, which it can be told before its first connection alone; whether it does.
    static func serveSQLite() -> Bool {
        var methods = unsafe sqlite3_mem_methods(
            xMalloc: { unsafe BlockPool.shared.take(Int($0)) },
            xFree: { block in if let block = unsafe block { unsafe BlockPool.shared.giveBack(block) } },
            xRealloc: { block, size in unsafe block.flatMap { unsafe BlockPool.shared.resize($0, Int(size)) } },
            xSize: { block in unsafe block.map { unsafe Int32(clamping: BlockPool.shared.capacity(of: $0)) } ?? 0 },
            xRoundup: { Int32(clamping: BlockPool.capacity(for: Int($0))) },
            xInit: { _ in SQLITE_OK },
            xShutdown: { _ in },
            pAppData: nil
        )
        return unsafe c_sqlite3_use_memory(&methods) == SQLITE_OK
    }
}
