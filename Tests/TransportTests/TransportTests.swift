import Faults
import IO
import TestKit
import Testing
import Transport

@Suite("Transports", .timeLimit(.minutes(1)))
struct TransportTests {
    private static let patience = Duration.seconds(5)

    @Test func `what a socket does not take at once is sent once its peer reads`() async throws {
        let bytes = (0..<8_000_000).map { UInt8(truncatingIfNeeded: $0) }
        let arrived = try await onLoop { loop in
            let (channel, peer) = try Peer.connected(on: loop)
            defer { channel.close() }
            async let arrived = Blocking.run { try peer.receiveAll() }
            let transport = Transport(over: channel, writeTimeout: Self.patience)
            try await transport.writeAll(bytes)
            channel.finishSending()
            return try await arrived
        }
        #expect(arrived == bytes)
    }

    @Test func `a peer that never reads is given up`() async throws {
        let words = try await onLoop { loop in
            let (channel, peer) = try Peer.connected(on: loop)
            defer { channel.close() }
            let transport = Transport(over: channel, writeTimeout: .milliseconds(50))
            defer { peer.close() }
            do throws(TransportError) {
                try await transport.writeAll([UInt8](repeating: 7, count: 32 << 20))
                return "all was taken"
            } catch {
                guard case .ended(.deadline, let what) = error else { return "\(error)" }
                return what
            }
        }
        #expect(words == "room to write")
    }

    @Test func `what is said last in clear goes as far as an order lets it, and no farther`() async throws {
        let (arrived, out) = try await onLoop { loop in
            let (channel, peer) = try Peer.connected(on: loop)
            let transport = Transport(over: channel, writeTimeout: Self.patience)
            var shaping = Shaping()
            shaping.limit = 4
            shaping.sliceSize = 1
            transport.shape(as: shaping, forExchange: false)
            let isDirect = transport.isDirect
            #expect(!isDirect)
            let last = transport.takeLast(behind: Array("farewell".utf8))
            await transport.sendLast(last, isPatient: true)
            let out = transport.bytesOut
            channel.close()
            return (try await Blocking.run { try peer.receiveAll() }, out)
        }
        #expect(String(decoding: arrived, as: UTF8.self) == "fare")
        #expect(out == 4)
    }

    @Test func `an ordered wait is none of the peer's time`() async throws {
        let (moved, early) = try await onLoop { loop in
            let (channel, peer) = try Peer.connected(on: loop)
            defer { channel.close() }
            let transport = Transport(over: channel, writeTimeout: Self.patience)
            let deadline = Instant.now + .seconds(1)
            transport.deadline = deadline
            let hold = Duration.milliseconds(60)
            try await transport.pause(Hold(hold, under: nil))
            defer { peer.close() }
            return (transport.deadline.since(deadline), hold)
        }
        #expect(moved >= early)
    }

    @Test func `a peer that ended its side is asked once, and waited for; one that can't be asked is gone`()
        async throws
    {
        let (asked, waited, error) = try await onLoop { loop in
            var asked = 0
            let (channel, peer) = try Peer.connected(on: loop)
            defer { channel.close() }
            peer.finishSending()
            let transport = Transport(over: channel, writeTimeout: Self.patience)
            let begun = Instant.now
            try await transport.pause(Hold(.milliseconds(60), under: nil)) {
                asked += 1
                return true
            }
            let waited = Instant.now.since(begun)
            let (other, leaving) = try Peer.connected(on: loop)
            defer { other.close() }
            leaving.finishSending()
            do throws(TransportError) {
                try await Transport(over: other, writeTimeout: Self.patience)
                    .pause(Hold(.seconds(30), under: nil)) { false }
                return (asked, waited, "nothing")
            } catch {
                return (asked, waited, "\(error)")
            }
        }
        #expect(asked == 1)
        #expect(waited >= .milliseconds(60))
        #expect(error == "peerGone")
    }
}
