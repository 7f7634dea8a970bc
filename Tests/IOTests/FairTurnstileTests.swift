import IO
import Testing

/// Those who wait have their turn kind by kind.
@Suite("Fair turns", .timeLimit(.minutes(1))) struct FairTurnstileTests {
    @Test func `a crowd of one kind keeps another one waiting for one of its own only`() {
        var line = FairLine<String, Int>()
        for number in 1...100 { line.append(number, of: "crowd") }
        line.append(200, of: "other")
        line.append(201, of: "other")
        #expect((1...5).map { _ in line.popFirst() } == [1, 200, 2, 201, 3])
        #expect(line.count == 97)
        for _ in 1...97 { _ = line.popFirst() }
        #expect(line.popFirst() == nil)
        #expect(line.count == 0)
    }

    @Test func `who waits no longer is passed over`() {
        var line = FairLine<String, Int>()
        for number in 1...3 { line.append(number, of: "crowd") }
        line.append(9, of: "other")
        #expect(line.remove(of: "crowd") { $0 == 2 } == 2)
        #expect(line.remove(of: "crowd") { $0 == 2 } == nil)
        #expect(line.remove(of: "nobody") { _ in true } == nil)
        #expect(line.remove(of: "other") { $0 == 9 } == 9)
        #expect(line.count == 2)
        #expect((1...3).map { _ in line.popFirst() } == [1, 3, nil])
    }

    @Test func `no more go through at a time than there are places, and all of them do`() async throws {
        let turnstile = FairTurnstile<Int>(places: 2)
        let inside = Monitor((now: 0, most: 0))
        await withTaskGroup { group in
            for number in 0..<100 {
                group.addTask {
                    await turnstile.pass(as: number % 3) {
                        inside.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
                        await Task.yield()
                        inside.withLock { $0.now -= 1 }
                    }
                }
            }
        }
        #expect(inside.withLock { $0.now } == 0)
        #expect(inside.withLock { $0.most } <= 2)
        // Their places are free again, also behind what throws.
        await #expect(throws: CancellationError.self) {
            try await turnstile.pass(as: 1) { throw CancellationError() }
        }
        await turnstile.pass(as: 1) { await turnstile.pass(as: 2) {} }
    }
}
