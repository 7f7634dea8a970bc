import CBlocks
import IO
import Testing

/// Memory for OpenSSL and SQLite; sanitizers see every block, so that nothing is kept under them.
@Suite struct Blocks {
    /// A block by its address; nil where there is no memory.
    private func take(_ size: Int) -> UInt? { unsafe blocks_take(size).map { UInt(bitPattern: $0) } }

    private func pointer(_ address: UInt) -> UnsafeMutableRawPointer {
        guard let pointer = unsafe UnsafeMutableRawPointer(bitPattern: address) else { preconditionFailure("no block") }
        return unsafe pointer
    }

    private func giveBack(_ address: UInt) { unsafe blocks_give_back(pointer(address)) }

    private func fill(_ block: UInt, _ size: Int) {
        for index in 0..<size {
            unsafe pointer(block)
                .storeBytes(
                    of: UInt8(truncatingIfNeeded: index),
                    toByteOffset: index,
                    as: UInt8.self
                )
        }
    }

    private func isFilled(_ block: UInt, _ size: Int) -> Bool {
        (0..<size)
            .allSatisfy { index in
                unsafe pointer(block).load(fromByteOffset: index, as: UInt8.self) == UInt8(truncatingIfNeeded: index)
            }
    }

    @Test(arguments: [1, 24, 25, 63, 100, 1_000, 1_016, 1_017, 5_000, 16_384, 16_704, 17_400, 17_500])
    func `a block has the room that was asked for, and one that was given back too`(size: Int) throws {
        for _ in 1...3 {
            let block = try #require(take(size))
            #expect(unsafe blocks_capacity(pointer(block)) >= size && block % 16 == 0)
            #expect(blocks_capacity_for(size) >= size)
            fill(block, size)
            #expect(isFilled(block, size))
            giveBack(block)
        }
    }

    @Test func `no two blocks that are out are one`() {
        for round in 1...3 {
            let blocks = Set((0..<200).compactMap { _ in take(40 * round) })
            #expect(blocks.count == 200)
            for block in blocks { giveBack(block) }
        }
    }

    @Test(arguments: [(1, 63), (64, 65), (1_000, 5_000), (5_000, 9_000)])
    func `a block that grows keeps its bytes`(size: Int, larger: Int) throws {
        let block = try #require(take(size))
        fill(block, size)
        let grown = try #require(unsafe blocks_resize(pointer(block), larger).map { UInt(bitPattern: $0) })
        #expect(unsafe blocks_capacity(pointer(grown)) >= larger)
        #expect(isFilled(grown, size))
        giveBack(grown)
    }

    @Test func `threads that take and give back meet no block that another has`() async {
        await withTaskGroup { group in
            for number in UInt8(1)...8 {
                group.addTask { [self] in
                    for size in 1...2_000 {
                        guard let block = take(size % 1_200 + 1) else { return false }
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

    @Test func `what one thread took another gives back, and a thread that ends keeps nothing`() throws {
        let blocks = (0..<300).compactMap { _ in take(200) }
        for begin in stride(from: 0, to: 300, by: 100) {
            try Thread(named: "blocks") { for block in blocks[begin..<begin + 100] { giveBack(block) } }.join()
        }
        let again = (0..<300).compactMap { _ in take(200) }
        #expect(Set(again).count == 300)
        for block in again { giveBack(block) }
    }
}
