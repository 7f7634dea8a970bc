import Synchronization
import TestKit
import Testing

@testable import IO

/// Waits for a moment on a descriptor whose peer may go first.
@Suite(.timeLimit(.minutes(1))) struct ChannelPauseTests {
    @Test func `a pause ends at its deadline, whatever the peer sends`() async throws {
        let wake = try await onLoop { loop in
            let ends = try SocketEnds(on: loop)
            defer { ends.channel.close() }
            ends.sendByte()
            return await ends.channel.pause(until: .now + .milliseconds(20), endCounts: true)
        }
        #expect(wake == .deadline)
    }

    // Defect: waits that rules ordered looked at no descriptor, so that a client that had gone was kept for a day.
    @Test func `a pause ends when the peer ends its side, and it says whether the connection is broken`() async throws {
        let (half, whole) = try await onLoop { loop in
            let first = try SocketEnds(on: loop)
            let second = try SocketEnds(on: loop)
            defer {
                first.channel.close()
                second.channel.close()
            }
            first.sendByte()
            first.endSide()
            second.endBoth()
            let half = await first.channel.pause(until: .now + .seconds(10), endCounts: true)
            let whole = await second.channel.pause(until: .now + .seconds(10), endCounts: true)
            return ((half, first.channel.isBroken), (whole, second.channel.isBroken))
        }
        #expect(half == (.ready, false))
        #expect(whole == (.ready, true))
    }

    @Test func `a peer that has ended its side costs no time while the pause goes on, and is missed when it breaks`()
        async throws
    {
        let (first, used, second) = try await onLoop { loop in
            let ends = try SocketEnds(on: loop)
            defer { ends.channel.close() }
            ends.endSide()
            _ = await ends.channel.pause(until: .now + .seconds(10), endCounts: true)
            let begun = threadTime()
            let first = await ends.channel.pause(until: .now + .milliseconds(300), endCounts: false)
            let used = threadTime() - begun
            ends.endBoth()
            return (first, used, await ends.channel.pause(until: .now + .seconds(10), endCounts: false))
        }
        #expect(first == .deadline)
        #expect(used < .milliseconds(100), "the loop was busy for \(used) of 300 ms")
        #expect(second == .ready)
    }

    @Test func `a pause ends when it is recalled, also from another thread, and so does one that begins later`()
        async throws
    {
        let wakes = try await onLoop { loop in
            let ends = try SocketEnds(on: loop)
            defer { ends.channel.close() }
            let recall = Recall()
            async let ending: Void = Blocking.run {
                Blocking.pause(.milliseconds(20))
                recall.end()
            }
            let first = await ends.channel.pause(until: .now + .seconds(20), endCounts: true, under: recall)
            try await ending
            let second = await ends.channel.pause(until: .now + .seconds(20), endCounts: true, under: recall)
            // What was recalled before is nothing to the next wait.
            let third = await ends.channel.pause(until: .now + .milliseconds(5), endCounts: true, under: Recall())
            return [first, second, third]
        }
        #expect(wakes == [.recalled, .recalled, .deadline])
    }

    @Test func `a pause ends when the loop drains`() async throws {
        let wake = try await onLoop { loop in
            let ends = try SocketEnds(on: loop)
            defer { ends.channel.close() }
            loop.drain()
            return await ends.channel.pause(until: .now + .seconds(20), endCounts: true)
        }
        #expect(wake == .draining)
    }

    @Test func `who is displaced waits no more`() async throws {
        let wakes = try await onLoop { loop in
            let ends = try SocketEnds(on: loop)
            defer { ends.channel.close() }
            let channel = ends.channel
            loop.atEndOfTurn { channel.displace() }
            let first = await ends.channel.readable(until: .now + .seconds(20))
            return [first, await ends.channel.readable(until: .now + .seconds(20))]
        }
        #expect(wakes == [.displaced, .displaced])
    }

    @Test func `an observer is told of the end of the peer's side and of the break, each once`() async throws {
        let told = Monitor<[Bool]>([])
        let used = try await onLoop { loop in
            let ends = try SocketEnds(on: loop)
            let timer = try SocketEnds(on: loop)
            defer {
                ends.channel.close()
                timer.channel.close()
            }
            ends.channel.observePeer { isLost in told.withLock { $0.append(isLost) } }
            ends.sendByte()
            ends.endSide()
            let begun = threadTime()
            _ = await timer.channel.sleep(until: .now + .milliseconds(200))
            ends.endBoth()
            _ = await timer.channel.sleep(until: .now + .milliseconds(200))
            return threadTime() - begun
        }
        #expect(told.withLock { $0 } == [false, true])
        #expect(used < .milliseconds(100), "the loop was busy for \(used) of 400 ms")
    }
}
