import TestKit
import Testing

@testable import IO

/// Channels that are drained by themselves, while others on the loop go on.
@Suite(.timeLimit(.minutes(1))) struct ChannelGroupTests {
    private static let far = Duration.seconds(10)

    @Test func `draining a group ends its waits that may be interrupted, and no other's`() async throws {
        let wakes = try await onLoop { loop in
            let group = ChannelGroup()
            let inside = try SocketEnds(on: loop, in: group)
            let outside = try SocketEnds(on: loop)
            defer {
                inside.channel.close()
                outside.channel.close()
            }
            // Behind the waits, which begin in this turn.
            loop.execute { group.drain(on: [loop]) }
            let drained = await inside.channel.readable(until: .now + Self.far, isInterruptible: true)
            let later = await inside.channel.readable(until: .now + Self.far, isInterruptible: true)
            outside.sendByte()
            let other = await outside.channel.readable(until: .now + Self.far, isInterruptible: true)
            inside.sendByte()
            let underway = await inside.channel.readable(until: .now + Self.far)
            return [drained, later, other, underway]
        }
        #expect(wakes == [.draining, .draining, .ready, .ready])
    }

    @Test func `aborting a group ends all of its waits`() async throws {
        let wakes = try await onLoop { loop in
            let group = ChannelGroup()
            let inside = try SocketEnds(on: loop, in: group)
            let outside = try SocketEnds(on: loop)
            defer {
                inside.channel.close()
                outside.channel.close()
            }
            loop.execute { group.abort(on: [loop]) }
            let aborted = await inside.channel.readable(until: .now + Self.far)
            let later = await inside.channel.writable(until: .now + Self.far)
            outside.sendByte()
            return [aborted, later, await outside.channel.readable(until: .now + Self.far)]
        }
        #expect(wakes == [.aborted, .aborted, .ready])
    }
}
