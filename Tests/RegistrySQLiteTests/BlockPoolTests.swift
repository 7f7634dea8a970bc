import Testing

@testable import RegistrySQLite

@Suite struct Pool {
    private let pool = BlockPool()

    /// A block by its address; nil where there is no memory.
    private func take(_ size: Int) -> UInt? { unsafe pool.take(size).map { UInt(bitPattern: $0) } }

    private func pointer(_ address: UInt) -> UnsafeMutableRawPointer {
        guard let pointer = unsafe UnsafeMutableRawPointer(bitPattern: address) else { preconditionFailure("no block") }
        return unsafe pointer
    }

    private func giveBack(_ address: UInt) { unsafe pool.giveBack(pointer(address)) }

    private func capacity(_ address: UInt) -> Int { unsafe pool.capacity(of: pointer(address)) }

    @Test func `a block that was given back is given out for a size like its own`() throws {
        let block = try #require(take(100))
        #expect(capacity(block) == 128)
        giveBack(block)
        let other = try #require(take(64))
        let again = try #require(take(128))
        #expect(other != block && again == block)
        for block in [other, again] { giveBack(block) }
    }

    @Test func `no two blocks that are out are one`() {
        for round in 1...3 {
            let blocks = Set((0..<2 * BlockPool.depth).compactMap { _ in take(40 * round) })
            #expect(blocks.count == 2 * BlockPool.depth)
            for block in blocks { giveBack(block) }
        }
    }

    @Test(arguments: [(1, 63), (64, 65), (1_000, 5_000), (5_000, 9_000)])
    func `a block that grows keeps its bytes`(size: Int, larger: Int) throws {
        let block = try #require(take(size))
        let start = unsafe pointer(block)
        for index in 0..<size {
            unsafe start.storeBytes(of: UInt8(truncatingIfNeeded: index), toByteOffset: index, as: UInt8.self)
        }
        guard let grown = unsafe pool.resize(start, larger) else { preconditionFailure("no memory") }
        #expect(unsafe pool.capacity(of: grown) >= larger)
        let isWhole = (0..<size)
            .allSatisfy { index in
                unsafe grown.load(fromByteOffset: index, as: UInt8.self) == UInt8(truncatingIfNeeded: index)
            }
        #expect(isWhole)
        unsafe pool.giveBack(grown)
    }

    @Test func `threads that take and give back meet no block that another has`() async {
        await withTaskGroup { group in
            for number in UInt8(1)...8 {
                group.addTask { [self] in
                    for size in 1...2_000 {
                        guard let block = take(size % 1_200) else { return false }
                        unsafe pointer(block).storeBytes(of: number, as: UInt8.self)
                        guard unsafe pointer(block).load(as: UInt8.self) == number else { return false }
                        giveBack(block)
                    }
                    return true
                }
            }
            for await isRight in group { #expect(isRight) }
        }
    }
}
