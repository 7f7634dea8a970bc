import TestKit
import Testing

@testable import Server

@Suite struct InputBufferTests {
    @Test func `what is filled in comes out in its order`() {
        var buffer = InputBuffer()
        #expect(buffer.isEmpty)
        append("hello", to: &buffer)
        append(" world", to: &buffer)
        #expect(buffer.count == 11)
        #expect(text(of: &buffer) == "hello world")
        buffer.drop(6)
        #expect(text(of: &buffer) == "world")
        buffer.drop(5)
        #expect(buffer.isEmpty)
    }

    @Test func `taking the unread bytes leaves none`() {
        var buffer = InputBuffer()
        append("hello world", to: &buffer)
        buffer.drop(6)
        #expect(String(decoding: buffer.takeUnread(), as: UTF8.self) == "world")
        #expect(buffer.isEmpty)
        #expect(buffer.takeUnread().isEmpty)
    }

    @Test func `a full buffer makes room, and keeps what is unread`() {
        var buffer = InputBuffer()
        var expected: [UInt8] = []
        for round in 0..<40 {
            buffer.makeRoom(forTotal: 0)
            buffer.receive { space in
                #expect((space.count as Int) > 0, "room was promised")
                for index in space.indices { space[index] = UInt8(truncatingIfNeeded: index ^ round) }
                expected += space.indices.map { UInt8(truncatingIfNeeded: $0 ^ round) }
                return space.count
            }
            if round % 3 == 0 {
                buffer.drop(1_000)
                expected.removeFirst(1_000)
            }
        }
        #expect(buffer.count > 2 * InputBuffer.initialCapacity)
        #expect(buffer.takeUnread() == expected)
    }

    @Test func `room is made at the front before memory is asked for`() {
        var buffer = InputBuffer()
        append(String(repeating: "x", count: InputBuffer.initialCapacity), to: &buffer)
        buffer.drop(InputBuffer.initialCapacity - 3)
        append("end", to: &buffer)
        #expect(text(of: &buffer) == "xxxend")
        #expect(room(of: &buffer) == InputBuffer.initialCapacity - 6)
    }

    // An announced body of a megabyte must not cost one before its first byte.
    @Test func `memory follows what arrives, not what is announced`() {
        var buffer = InputBuffer()
        buffer.makeRoom(forTotal: 1 << 20)
        #expect(room(of: &buffer) <= InputBuffer.initialCapacity)
        append(String(repeating: "x", count: InputBuffer.initialCapacity), to: &buffer)
        buffer.makeRoom(forTotal: 1 << 20)
        #expect(room(of: &buffer) <= InputBuffer.initialCapacity)
    }

    @Test func `a reset forgets everything, and room beyond a fresh buffer's`() {
        var buffer = InputBuffer()
        for _ in 0..<8 {
            buffer.makeRoom(forTotal: 0)
            buffer.receive { $0.count }
        }
        buffer.reset()
        #expect(buffer.isEmpty)
        #expect(room(of: &buffer) == InputBuffer.initialCapacity)
    }

    @Test func `the reader may change what it is lent`() {
        var buffer = InputBuffer()
        append("chunked", to: &buffer)
        buffer.withUnread { bytes in bytes[0] = UInt8(ascii: "C") }
        #expect(text(of: &buffer) == "Chunked")
    }

    @Test func `random fills and drops never lose a byte`() {
        var random = SeededRandom(seed: 3)
        var buffer = InputBuffer()
        var expected: [UInt8] = []
        var isCounted = true
        for _ in 0..<300 {
            if random.next() % 2 == 0 {
                buffer.makeRoom(forTotal: Int(random.next() % 40_000))
                let byte = UInt8(truncatingIfNeeded: random.next())
                let wanted = Int(random.next() % 20_000)
                buffer.receive { space in
                    let count = min(space.count, wanted)
                    for index in 0..<count { space[index] = byte }
                    expected += repeatElement(byte, count: count)
                    return count
                }
            } else {
                let count = Int(random.next() % UInt64(expected.count + 1))
                buffer.drop(count)
                expected.removeFirst(count)
            }
            isCounted = isCounted && buffer.count == expected.count
        }
        #expect(isCounted)
        #expect(buffer.takeUnread() == expected)
    }

    private func append(_ text: String, to buffer: inout InputBuffer) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            buffer.makeRoom(forTotal: 0)
            let count = buffer.receive { space in
                let count = min(space.count, rest.count)
                for (index, byte) in rest.prefix(count).enumerated() { space[index] = byte }
                return count
            }
            rest = rest.dropFirst(count)
        }
    }

    private func text(of buffer: inout InputBuffer) -> String {
        buffer.withUnread { bytes in String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self) }
    }

    private func room(of buffer: inout InputBuffer) -> Int {
        var room = 0
        buffer.receive { space in
            room = space.count
            return 0
        }
        return room
    }
}

extension InputBuffer {
    /// Fills as the server does, and says how much that was.
    @discardableResult
    fileprivate mutating func receive(_ body: (inout MutableSpan<UInt8>) -> Int) -> Int {
        var count = 0
        let before = self.count
        _ = fill { (space: inout MutableSpan<UInt8>) throws(Never) -> Int in
            count = body(&space)
            return count
        }
        #expect(self.count == before + count)
        return count
    }
}
