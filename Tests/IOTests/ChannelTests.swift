import Glibc
import IO
import TestKit
import Testing

@Suite(.timeLimit(.minutes(1))) struct ChannelTests {
    @Test func `a wait to read ends when bytes arrive, and they can be read`() async throws {
        let (wake, text) = try await onLoop { loop in
            let (channel, peer) = try connected(on: loop)
            defer { channel.value.close() }
            async let wake = channel.value.readable(until: .never)
            try peer.send(Array("hello".utf8))
            return (await wake, channel.value.receiveText())
        }
        #expect(wake == .ready)
        #expect(text == "hello")
    }

    @Test func `bytes that came while nobody waited are not missed`() async throws {
        let texts = try await onLoop { loop in
            let (channel, peer) = try Peer.connected(on: loop)
            defer { channel.close() }
            // Registered and armed, then left alone while the peer sends and the loop sees it.
            try peer.send(Array("first".utf8))
            _ = await channel.readable(until: .never)
            var texts = [channel.receiveText()]
            try peer.send(Array("second".utf8))
            try await pass(some: 3, turnsOf: loop)
            _ = await channel.readable(until: .never)
            texts.append(channel.receiveText())
            return texts
        }
        #expect(texts == ["first", "second"])
    }

    @Test func `bytes that nobody reads do not keep the loop busy`() async throws {
        let (wake, used) = try await onLoop { loop in
            let (channel, peer) = try Peer.connected(on: loop)
            defer { channel.close() }
            try peer.send([1])
            _ = await channel.readable(until: .never)
            // The byte stays in the socket: level-triggered, it would wake the loop without end.
            let begun = threadTime()
            let wake = await channel.sleep(until: loop.now + .milliseconds(100))
            return (wake, threadTime() - begun)
        }
        #expect(wake == .deadline)
        #expect(used < .milliseconds(5), "\(used) of processor time in 100 ms of waiting")
    }

    @Test func `a connection that broke unnoticed neither keeps the loop busy nor is it forgotten`() async throws {
        let (used, wake, text) = try await onLoop { loop in
            let (channel, peer) = try Peer.connected(on: loop)
            defer { channel.close() }
            _ = await channel.readable(until: loop.now)
            // Reported whatever the mask is, so it can't be muted.
            peer.reset()
            let begun = threadTime()
            _ = await channel.sleep(until: loop.now + .milliseconds(100))
            return (threadTime() - begun, await channel.readable(until: .never), channel.receiveText())
        }
        #expect(used < .milliseconds(5), "\(used) of processor time in 100 ms of waiting")
        #expect(wake == .ready)
        #expect(text == nil)
    }

    @Test func `a peer that closes in good order ends the wait with an end of stream`() async throws {
        let result = try await onLoop { loop in
            let (channel, peer) = try connected(on: loop)
            defer { channel.value.close() }
            async let wake = channel.value.readable(until: .never)
            peer.close()
            _ = await wake
            return receive(from: channel.value)
        }
        #expect(result == .done(0))
    }

    @Test func `a peer that resets ends the wait with its reset`() async throws {
        let result = try await onLoop { loop in
            let (channel, peer) = try connected(on: loop)
            defer { channel.value.close() }
            async let wake = channel.value.readable(until: .never)
            peer.reset()
            _ = await wake
            return receive(from: channel.value)
        }
        #expect(result == .failed(ECONNRESET))
    }

    @Test func `nothing to read is no error`() async throws {
        let result = try await onLoop { loop in
            let (channel, peer) = try Peer.connected(on: loop)
            defer { channel.close() }
            defer { peer.close() }
            return receive(from: channel)
        }
        #expect(result == .wouldBlock)
    }

    @Test func `a full socket can be waited for, and everything arrives`() async throws {
        let count = 2 << 20
        let block = (0..<(1 << 16)).map { UInt8(truncatingIfNeeded: $0 ^ $0 >> 8) }
        let received = try await onLoop { loop in
            let (channel, peer) = try Peer.connected(on: loop)
            // Less than is sent, whatever the kernel would grow it to.
            var room: CInt = 1 << 16
            _ = unsafe setsockopt(channel.number, SOL_SOCKET, SO_SNDBUF, &room, socklen_t(MemoryLayout<CInt>.size))
            async let received = Thread.perform(named: "peer") { try peer.receiveAll() }
            let bytes = Array(repeatElement(block, count: count / block.count).joined())
            var sent = 0
            var waits = 0
            while sent < count {
                switch SystemCall.send(channel.number, bytes.span.extracting(sent...)) {
                case .done(let taken): sent += taken
                case .wouldBlock:
                    waits += 1
                    #expect(await channel.writable(until: .never) == .ready)
                case .failed(let code): throw SystemError(code, in: "send")
                }
            }
            #expect(waits > 0, "the socket was never full, so nothing was shown")
            channel.close()
            return try await received
        }
        #expect(received.count == count)
        let isWhole = stride(from: 0, to: count, by: block.count)
            .allSatisfy { start in
                received[start..<(start + block.count)].elementsEqual(block)
            }
        #expect(isWhole, "the bytes arrived otherwise than they were sent")
    }

    @Test func `waiting for a peer that takes nothing ends at the deadline`() async throws {
        let (wake, isLate) = try await onLoop { loop in
            let (channel, peer) = try Peer.connected(on: loop)
            defer { channel.close() }
            defer { peer.close() }
            let bytes = [UInt8](repeating: 7, count: 1 << 16)
            while case .done = SystemCall.send(channel.number, bytes.span) {}
            let deadline = loop.now + .milliseconds(5)
            let wake = await channel.writable(until: deadline)
            return (wake, Instant.now >= deadline)
        }
        #expect(wake == .deadline)
        #expect(isLate)
    }

    @Test func `room to write does not end a later wait to read`() async throws {
        let wakes = try await onLoop { loop in
            let (channel, peer) = try Peer.connected(on: loop)
            defer { channel.close() }
            defer { peer.close() }
            let first = await channel.writable(until: .never)
            let second = await channel.readable(until: loop.now + .milliseconds(3))
            return [first, second]
        }
        #expect(wakes == [.ready, .deadline])
    }

    @Test func `a peer is told that nothing more will be sent, and can still be read`() async throws {
        let (seen, text) = try await onLoop { loop in
            let (channel, peer) = try Peer.connected(on: loop)
            defer { channel.close() }
            channel.finishSending()
            let seen = try peer.receive()
            try peer.send(Array("late".utf8))
            _ = await channel.readable(until: .never)
            return (seen, channel.receiveText())
        }
        #expect(seen.isEmpty)
        #expect(text == "late")
    }

    @Test func `closing a channel ends its wait and tells the peer`() async throws {
        let (wake, seen) = try await onLoop { loop in
            let (channel, peer) = try connected(on: loop)
            async let wake = channel.value.readable(until: .never)
            await Task.yield()
            channel.value.close()
            return (await wake, try peer.receive())
        }
        #expect(wake == .aborted)
        #expect(seen.isEmpty)
    }

    @Test func `events of a closed descriptor do not reach the next one with its number`() async throws {
        let wakes = try await onLoop { loop in
            var wakes: [Channel.Wake] = []
            for _ in 0..<20 {
                let (old, oldPeer) = try Peer.connected(on: loop)
                _ = await old.readable(until: loop.now)
                try oldPeer.send([1])
                old.close()
                let (channel, peer) = try Peer.connected(on: loop)
                wakes.append(await channel.readable(until: loop.now + .milliseconds(1)))
                channel.close()
                peer.close()
                oldPeer.close()
            }
            return wakes
        }
        #expect(wakes == Array(repeating: .deadline, count: 20))
    }
}

/// Ending the waits of a loop that is to stop.
@Suite(.timeLimit(.minutes(1))) struct DrainTests {
    @Test func `draining ends the waits that may be interrupted, and no other`() async throws {
        let (idle, busy) = try await onLoop { loop in
            let (first, firstPeer) = try connected(on: loop)
            let (second, secondPeer) = try connected(on: loop)
            defer { first.value.close() }
            defer { second.value.close() }
            defer { firstPeer.close() }
            async let idle = first.value.readable(until: .never, isInterruptible: true)
            async let busy = second.value.readable(until: .never)
            await Task.yield()
            loop.drain()
            let ended = await idle
            try secondPeer.send([1])
            return (ended, await busy)
        }
        #expect(idle == .draining)
        #expect(busy == .ready)
    }

    @Test func `a wait that begins on a draining loop ends at once`() async throws {
        let wakes = try await onLoop { loop in
            let (channel, peer) = try Peer.connected(on: loop)
            defer { channel.close() }
            defer { peer.close() }
            loop.drain()
            try await pass(some: 2, turnsOf: loop)
            #expect(loop.isDraining)
            return [
                await channel.readable(until: .never, isInterruptible: true),
                await channel.readable(until: loop.now + .milliseconds(1)),
            ]
        }
        #expect(wakes == [.draining, .deadline])
    }

    @Test func `aborting ends every wait, and those that begin later`() async throws {
        let wakes = try await onLoop { loop in
            let (channel, peer) = try connected(on: loop)
            defer { channel.value.close() }
            defer { peer.close() }
            async let first = channel.value.readable(until: .never)
            await Task.yield()
            loop.abort()
            return [await first, await channel.value.writable(until: .never), await channel.value.sleep(until: .never)]
        }
        #expect(wakes == [.aborted, .aborted, .aborted])
    }

    @Test func `a hundred waits drain, each once`() async throws {
        let wakes = try await onLoop { loop in
            await withTaskGroup { group in
                for _ in 0..<100 {
                    group.addTask {
                        guard let (channel, peer) = try? Peer.connected(on: loop) else { return Channel.Wake?.none }
                        defer { channel.close() }
                        defer { peer.close() }
                        return await channel.readable(until: .never, isInterruptible: true)
                    }
                }
                await Task.yield()
                loop.drain()
                return await group.reduce(into: []) { $0.append($1) }
            }
        }
        #expect(wakes == Array(repeating: .draining, count: 100))
    }
}

/// Lets the loop see what has happened: each call that is handed over is one turn.
func pass(some turns: Int, turnsOf loop: EventLoop) async throws {
    for _ in 0..<turns {
        await withCheckedContinuation { done in loop.execute { done.resume() } }
        await Task.yield()
    }
}

/// A connection whose channel child tasks may share, as they stay on the loop.
private func connected(on loop: EventLoop) throws -> (channel: LoopLocal<Channel>, peer: Peer) {
    let (channel, peer) = try Peer.connected(on: loop)
    return (LoopLocal(channel, on: loop), peer)
}

private func receive(from channel: Channel) -> SystemCall.Result {
    var storage = [UInt8](repeating: 0, count: 64)
    var space = storage.mutableSpan
    return SystemCall.receive(channel.number, into: &space)
}
