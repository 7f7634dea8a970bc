import TestKit
import Testing

@testable import IO

@Suite(.timeLimit(.minutes(1))) struct DeadlineTests {
    @Test func `deadlines come in their order and never early`() async throws {
        let delays = [9, 1, 5, 3, 7, 2, 8, 4, 6, 0]
        let woken = try await onLoop { loop in
            let start = loop.now
            return try await withThrowingTaskGroup { group in
                for delay in delays {
                    group.addTask {
                        let (channel, peer) = try Peer.connected(on: loop)
                        defer { channel.close() }
                        defer { peer.close() }
                        let deadline = start + .milliseconds(20 + 2 * delay)
                        let wake = await channel.sleep(until: deadline)
                        return (delay, wake == .deadline && Instant.now >= deadline)
                    }
                }
                return try await group.reduce(into: [(Int, Bool)]()) { $0.append($1) }
            }
        }
        #expect(woken.map(\.0) == delays.sorted())
        #expect(woken.filter { !$0.1 }.isEmpty, "woken before their deadlines")
    }

    @Test func `a deadline that moved later fires at the later moment`() async throws {
        let (wake, isLate) = try await onLoop { loop in
            let (channel, peer) = try Peer.connected(on: loop)
            defer { channel.close() }
            var deadline = loop.now
            // Each wait leaves an entry that fires while the next one runs, as on a connection that lives on.
            for _ in 0..<5 {
                deadline = loop.now + .milliseconds(4)
                try peer.send([1])
                _ = await channel.readable(until: deadline)
                _ = channel.receiveText()
            }
            deadline = loop.now + .milliseconds(12)
            return (await channel.readable(until: deadline), Instant.now >= deadline)
        }
        #expect(wake == .deadline)
        #expect(isLate)
    }

    @Test func `a deadline that moved nearer fires at the nearer moment`() async throws {
        let (wake, before) = try await onLoop { loop in
            let (channel, peer) = try Peer.connected(on: loop)
            defer { channel.close() }
            try peer.send([1])
            let far = loop.now + .seconds(3600)
            _ = await channel.readable(until: far)
            _ = channel.receiveText()
            return (await channel.readable(until: loop.now + .milliseconds(2)), Instant.now < far)
        }
        #expect(wake == .deadline)
        #expect(before)
    }

    @Test func `a deadline in the past ends a wait at once, without a byte`() async throws {
        let wake = try await onLoop { loop in
            let (channel, peer) = try Peer.connected(on: loop)
            defer { channel.close() }
            defer { peer.close() }
            return await channel.readable(until: Instant(nanoseconds: 1))
        }
        #expect(wake == .deadline)
    }

    @Test func `the loop's clock stands still within a turn and goes on with the next`() async throws {
        let (same, later) = try await onLoop { loop in
            let first = loop.now
            while Instant.now <= first {}
            let second = loop.now
            let (channel, peer) = try Peer.connected(on: loop)
            defer { channel.close() }
            defer { peer.close() }
            _ = await channel.sleep(until: second + .milliseconds(1))
            return (first == second, loop.now >= second + .milliseconds(1))
        }
        #expect(same)
        #expect(later)
    }

    @Test(arguments: [1, 2, 3, 50, 200])
    func `a queue gives its entries back in order, whatever order they came in`(count: Int) {
        var random = SystemRandomNumberGenerator()
        var queue = TimerQueue()
        // Few distinct moments, so that equal ones are met too.
        let moments = (0..<count).map { _ in UInt64.random(in: 0..<UInt64(count), using: &random) }
        for (owner, moment) in moments.enumerated() {
            queue.insert(TimerQueue.Entry(instant: Instant(nanoseconds: moment), owner: UInt64(owner)))
            #expect(queue.next == moments.prefix(owner + 1).min().map { Instant(nanoseconds: $0) })
        }
        var popped: [TimerQueue.Entry] = []
        for now in 0..<UInt64(count) {
            while let entry = queue.popDue(at: Instant(nanoseconds: now)) {
                #expect(entry.instant.nanoseconds == now, "an entry came early or late")
                popped.append(entry)
            }
        }
        #expect(queue.next == nil)
        #expect(Set(popped.map(\.owner)) == Set(0..<UInt64(count)))
        #expect(popped.allSatisfy { moments[Int($0.owner)] == $0.instant.nanoseconds })
    }

    @Test func `a queue that is emptied and filled in turns keeps its order`() {
        var queue = TimerQueue()
        var expected: [UInt64] = []
        var state: UInt64 = 1
        for _ in 0..<500 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            if state >> 33 & 3 != 0 {
                queue.insert(TimerQueue.Entry(instant: Instant(nanoseconds: state >> 40), owner: 1))
                expected.append(state >> 40)
                expected.sort()
            } else {
                #expect(queue.popDue(at: .never)?.instant.nanoseconds == expected.first)
                if !expected.isEmpty { expected.removeFirst() }
            }
        }
        #expect(!expected.isEmpty)
    }
}

@Suite struct InstantTests {
    @Test(arguments: [
        (UInt64(5), Duration.zero, UInt64(5)),
        (5, .nanoseconds(7), 12),
        (0, .seconds(2) + .milliseconds(500), 2_500_000_000),
        // Less than a nanosecond is nothing.
        (1, .init(secondsComponent: 0, attosecondsComponent: 999_999_999), 1),
        // Backwards is no way that deadlines go. A part of a second backwards once led to a moment that never comes.
        (5, .seconds(-1), 5),
        (5, .milliseconds(-1), 5),
        (5, .seconds(10_000_000_000), .max),
        (.max - 1, .seconds(1), .max),
        (.max, .nanoseconds(1), .max),
    ])
    func `a duration later`(start: UInt64, duration: Duration, expected: UInt64) {
        #expect(Instant(nanoseconds: start) + duration == Instant(nanoseconds: expected))
    }

    @Test(arguments: [
        (UInt64(10), UInt64(3), Duration.nanoseconds(7)),
        (3, 10, .zero),
        (3, 3, .zero),
        (.max, 0, .nanoseconds(Int64.max)),
    ])
    func `the time since`(late: UInt64, early: UInt64, expected: Duration) {
        #expect(Instant(nanoseconds: late).since(Instant(nanoseconds: early)) == expected)
    }

    @Test func `the present moves on and never comes`() {
        let first = Instant.now
        #expect(first <= Instant.now)
        #expect(Instant.now < .never)
    }
}
