import Glibc
import IO
import TestKit
import Testing

@Suite(.timeLimit(.minutes(1))) struct LineWriterTests {
    @Test func `lines of many threads arrive whole, each thread's in its order`() async throws {
        let (reading, writing) = try streamEnds()
        let writer = try LineWriter(to: writing)
        async let text = readAll(reading)
        try await withThrowingTaskGroup { group in
            for thread in 0..<4 {
                group.addTask {
                    try await Thread.perform(named: "speaker") {
                        for line in 0..<500 { writer.write(Array("\(thread) \(line)\n".utf8)) }
                    }
                }
            }
            try await group.waitForAll()
        }
        try await end(writer, writing)
        let lines = try await text.split(separator: "\n").map { $0.split(separator: " ").compactMap { Int($0) } }
        #expect(lines.count == 2_000)
        for thread in 0..<4 {
            #expect(lines.filter { $0.first == thread }.map(\.last) == Array(0..<500))
        }
    }

    @Test func `what is written before the end is on its way when the end returns`() async throws {
        let (reading, writing) = try streamEnds()
        let writer = try LineWriter(to: writing)
        writer.write(Array("last words\n".utf8))
        try await end(writer, writing)
        #expect(try await readAll(reading) == "last words\n")
    }

    @Test func `a reader that is slow costs nobody a wait, and lines beyond the bound are counted`() async throws {
        let (reading, writing) = try streamEnds()
        let writer = try LineWriter(to: writing)
        let line = [UInt8](repeating: 0x2E, count: 65_535) + [0x0A]
        // Nobody reads yet: the stream takes a little, the writer holds another batch, the rest fills the bound.
        let count = 3 * LineWriter.capacity / line.count
        for _ in 0..<count { writer.write(line) }
        async let text = readAll(reading)
        // The stream empties, so the writer comes to what waits and to the count of what does not.
        try await end(writer, writing)
        let lines = try await text.split(separator: "\n")
        let whole = lines.filter { $0.utf8.count == line.count - 1 }
        let warnings = lines.filter { $0.hasPrefix("warning: ") && $0.hasSuffix(" log lines were dropped") }
        let dropped = warnings.compactMap { Int($0.dropFirst("warning: ".count).prefix { $0.isNumber }) }.reduce(0, +)
        #expect(dropped > 0, "nothing was dropped, so nothing was shown")
        #expect(whole.count + dropped == count, "each line is either written or counted")
        #expect(lines.count == whole.count + warnings.count, "a line was torn")
    }

    @Test func `a reader that is gone does not end the process that took its signals in hand`() async {
        await #expect(processExitsWith: .exitCode(7)) {
            let signals = try SignalSource(SignalSource.termination)
            let (reading, writing) = try streamEnds()
            let writer = try LineWriter(to: writing)
            _ = Glibc.close(reading)
            writer.write(Array("to nobody\n".utf8))
            writer.finish()
            _ = consume signals
            exit(7)
        }
    }

    @Test func `a reader that takes nothing is not waited for at the end`() async throws {
        let (reading, writing) = try streamEnds()
        let writer = try LineWriter(to: writing)
        writer.write([UInt8](repeating: 0x2E, count: 1 << 20))
        let begun = Instant.now
        try await Thread.perform(named: "end") { writer.finish() }
        #expect(Instant.now.since(begun) >= .milliseconds(LineWriter.patience), "it did not wait for the reader at all")
        // Lets the writer's thread go.
        async let text = readAll(reading, atMost: 1 << 20)
        try await end(writer, writing)
        _ = try await text
    }

    @Test func `a descriptor that someone made non-blocking is waited for`() async throws {
        let (reading, writing) = try streamEnds()
        #expect(fcntl(writing, F_SETFL, O_NONBLOCK) == 0)
        let writer = try LineWriter(to: writing)
        let line = [UInt8](repeating: 0x2E, count: 99_999) + [0x0A]
        for _ in 0..<20 { writer.write(line) }
        async let text = readAll(reading)
        try await end(writer, writing)
        #expect(try await text.utf8.count == 20 * line.count)
    }

    /// Ends the writer and then the stream, which may take as long as the reader does: not on the tests' few threads.
    private func end(_ writer: LineWriter, _ writing: CInt) async throws {
        try await Thread.perform(named: "end") {
            // A busy machine's reader may outlast the writer's patience, and the stream must not be closed under it.
            for _ in 0..<20 { writer.finish() }
            _ = Glibc.close(writing)
        }
    }

    private func readAll(_ descriptor: CInt, atMost limit: Int = .max) async throws -> String {
        try await Thread.perform(named: "reader") {
            defer { _ = Glibc.close(descriptor) }
            var all: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = try SystemCall.require("read") {
                    unsafe buffer.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
                }
                if count == 0 || all.count + count >= limit { return String(decoding: all, as: UTF8.self) }
                all += buffer.prefix(count)
            }
        }
    }
}

@Suite(.timeLimit(.minutes(1))) struct ThreadTests {
    @Test func `work on a thread of its own gives back a value or an error`() async throws {
        let name = try await Thread.perform(named: "a-name-longer-than-fifteen") {
            try String(decoding: contents(of: "/proc/thread-self/comm"), as: UTF8.self)
        }
        #expect(name == "a-name-longer-t\n")
        await #expect(throws: SystemError(5, in: "work")) {
            try await Thread.perform(named: "worker") { throw SystemError(5, in: "work") }
        }
    }

    @Test func `a thread has run when it is joined`() throws {
        let (reading, writing) = try streamEnds()
        let thread = try Thread(named: "writer") {
            _ = unsafe write(writing, "x", 1)
            _ = Glibc.close(writing)
        }
        thread.join()
        var bytes: [UInt8] = [0, 0]
        #expect(unsafe bytes.withUnsafeMutableBytes { unsafe read(reading, $0.baseAddress, $0.count) } == 1)
        _ = Glibc.close(reading)
    }
}

private func contents(of path: String) throws -> [UInt8] {
    let descriptor = OwnedDescriptor(
        adopting: CInt(try SystemCall.require("open", on: path) { unsafe Int(open(path, O_RDONLY)) })
    )
    var bytes = [UInt8](repeating: 0, count: 4096)
    let number = descriptor.number
    let count = try SystemCall.require("read", on: path) {
        unsafe bytes.withUnsafeMutableBytes { unsafe read(number, $0.baseAddress, $0.count) }
    }
    return Array(bytes.prefix(count))
}
