import Glibc
import TestKit
import Testing

@testable import IO

@Suite(.timeLimit(.minutes(1))) struct ChannelWaitTests {
    /// Runs `body` on a loop of its own, on a thread that may block.
    private static func onLoop<Value: Sendable>(
        _ body: @escaping @Sendable (EventLoop) async throws -> Value
    ) async throws -> Value {
        try await Blocking.run {
            let loop = try EventLoop(named: "test")
            try loop.start()
            defer { loop.stop() }
            return try loop.block { try await body(loop) }
        }
    }

    @Test func `a wait ends when there is something to read, or when its deadline comes`() async throws {
        let wakes = try await Self.onLoop { loop in
            let ends = try SocketEnds(on: loop)
            let late = await ends.channel.readable(until: .now + .milliseconds(5))
            ends.sendByte()
            let ready = await ends.channel.readable(until: .now + .seconds(10))
            ends.channel.close()
            return [late, ready]
        }
        #expect(wakes == [.deadline, .ready])
    }

    @Test func `who keeps no task is called once, when such a wait ends`() async throws {
        let wakes = try await Self.onLoop { loop in
            let ends = try SocketEnds(on: loop)
            var wakes: [Channel.Wake] = []
            func wait(until deadline: Instant, then act: () -> Void) async {
                await withCheckedContinuation { done in
                    ends.channel.whenReadable(until: deadline, isInterruptible: true) { wake in
                        wakes.append(wake)
                        done.resume()
                    }
                    act()
                }
            }
            await wait(until: .now + .milliseconds(5)) {}
            await wait(until: .now + .seconds(10)) { ends.sendByte() }
            await wait(until: .now + .seconds(10)) { ends.channel.displace() }
            // From then on each wait ends as it begins.
            await wait(until: .now + .seconds(10)) {}
            ends.channel.close()
            return wakes
        }
        #expect(wakes == [.deadline, .ready, .displaced, .displaced])
    }

    // Defect: whoever was ready at each wait never met its deadline, so that a peer which kept sending outlived every
    // one.
    @Test func `a deadline comes although there is always something to read`() async throws {
        let waits = try await Self.onLoop { loop in
            let ends = try SocketEnds(on: loop)
            defer { ends.channel.close() }
            ends.sendByte()
            let deadline = Instant.now + .milliseconds(20)
            var waits = 0
            while case .ready = await ends.channel.readable(until: deadline), waits < 200_000 { waits += 1 }
            return waits
        }
        #expect(waits > 0 && waits < 200_000, "\(waits) waits")
    }

    // Defect: it was called ready, so that its owner read and waited in turns for ever, past every deadline.
    @Test func `a wait that epoll does not take is given up`() async throws {
        let wake = try await Self.onLoop { loop in
            // Epoll refuses files, as it refuses sockets when the kernel has no room for another watch.
            let file = unsafe open("/proc/self/status", O_RDONLY | O_CLOEXEC)
            let channel = Channel(OwnedDescriptor(adopting: file), on: loop)
            defer { channel.close() }
            return await channel.readable(until: .now + .seconds(10))
        }
        #expect(wake == .aborted)
    }

    // Defect: only the waits of that moment were ended, so that a connection that was just being started held the
    // process until its own deadline.
    @Test func `a wait that begins after the loop gave up ends at once`() async throws {
        let wakes = try await Self.onLoop { loop in
            loop.drain()
            loop.abort()
            let ends = try SocketEnds(on: loop)
            // Behind the calls above, which the loop takes up in order.
            _ = await ends.channel.sleep(until: .now + .milliseconds(1))
            let wakes = [
                await ends.channel.readable(until: .now + .seconds(10)), await ends.channel.sleep(until: .never),
            ]
            ends.channel.close()
            return wakes
        }
        #expect(wakes == [.aborted, .aborted])
    }

    // Defect: each far deadline that a near one overtook stayed in the heap and was put back there whenever it came.
    @Test func `deadlines that mean nothing any more do not pile up`() async throws {
        let counts = try await Self.onLoop { loop in
            let ends = try SocketEnds(on: loop)
            for _ in 0..<300 {
                ends.sendByte()
                _ = await ends.channel.readable(until: .now + .seconds(3600))
                ends.takeByte()
                _ = await ends.channel.readable(until: .now + .milliseconds(1))
            }
            let moved = unsafe loop.state.timers.count
            for _ in 0..<1000 {
                let short = try SocketEnds(on: loop)
                short.sendByte()
                _ = await short.channel.readable(until: .now + .seconds(3600))
                short.channel.close()
            }
            ends.channel.close()
            return [moved, unsafe loop.state.timers.count]
        }
        #expect(counts.allSatisfy { $0 <= 80 }, "\(counts)")
    }
}
