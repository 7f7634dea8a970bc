import Glibc
import IO
import TLS
import TestKit
import Testing
import Transport

@Suite("Byte streams", .timeLimit(.minutes(1)))
struct ByteStreamTests {
    /// What happened to a stream in clear: reads, writes and counts, in this order.
    private struct Told: Sendable, Equatable {
        var reads: [ByteStream.Arrival] = []
        var writes: [ByteStream.Departure] = []
        var counts: [UInt64] = []
    }

    @Test func `in clear it reads what there is, and the end, which is announced`() async throws {
        let told = try await onLoop { loop in
            let (channel, peer) = try Peer.connected(on: loop)
            defer { channel.close() }
            var stream = ByteStream(over: channel.number)
            var told = Told()
            told.reads.append(try Self.read(&stream))
            try peer.send(Array("hello".utf8))
            _ = await channel.readable(until: .never)
            told.reads.append(try Self.read(&stream))
            peer.finishSending()
            _ = await channel.readable(until: .never)
            told.reads.append(try Self.read(&stream))
            told.writes.append(try stream.write([1, 2, 3].span))
            told.counts = [stream.clearIn, stream.clearOut]
            return told
        }
        #expect(told.reads == [.wantsRead, .bytes(5), .closed])
        #expect(told.writes == [.bytes(3)])
        #expect(told.counts == [5, 3])
    }

    @Test func `a socket that takes nothing more is waited for`() async throws {
        let last = try await onLoop { loop in
            let (channel, peer) = try Peer.connected(on: loop)
            defer { channel.close() }
            var stream = ByteStream(over: channel.number)
            let piece = [UInt8](repeating: 7, count: 1 << 20)
            var last = ByteStream.Departure.bytes(0)
            while case .bytes = last { last = try stream.write(piece.span) }
            peer.close()
            return last
        }
        #expect(last == .wantsWrite)
    }

    @Test func `a reset is a failure that names the call and the kernel's reason`() async throws {
        let failure = try await onLoop { loop in
            let (channel, peer) = try Peer.connected(on: loop)
            defer { channel.close() }
            var stream = ByteStream(over: channel.number)
            peer.reset()
            _ = await channel.readable(until: .never)
            do throws(StreamFailure) {
                _ = try Self.read(&stream)
                return "nothing failed"
            } catch {
                guard case .system(ECONNRESET, let operation) = error else { return "\(error)" }
                return operation
            }
        }
        #expect(failure == "recv")
    }

    private static func read(_ stream: inout ByteStream) throws(StreamFailure) -> ByteStream.Arrival {
        var storage = [UInt8](repeating: 0, count: 64)
        var space = storage.mutableSpan
        return try stream.read(into: &space)
    }
}
