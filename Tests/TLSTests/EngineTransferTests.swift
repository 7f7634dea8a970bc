import TLS
import TLSNames
import Testing

@Suite struct EngineTransferTests {
    @Test(arguments: [ProtocolVersion.tls12, .tls13])
    func `data goes both ways`(version: ProtocolVersion) throws {
        var pair = try EnginePair(version: version)
        try pair.handshake()
        try writeAll(Array("question".utf8), to: &pair.client)
        pair.carry()
        #expect(try readAll(&pair.server) == (Array("question".utf8), .wantsRead))
        try writeAll(Array("answer".utf8), to: &pair.server)
        pair.carry()
        #expect(try readAll(&pair.client) == (Array("answer".utf8), .wantsRead))
        #expect(pair.server.wire.bytesOut == pair.client.wire.bytesIn)
        #expect(pair.client.wire.bytesOut == pair.server.wire.bytesIn)
    }

    @Test(arguments: [ProtocolVersion.tls12, .tls13])
    func `a mebibyte arrives as it was sent`(version: ProtocolVersion) throws {
        var pair = try EnginePair(version: version)
        try pair.handshake()
        let sent = (0..<(1 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
        try writeAll(sent, to: &pair.server)
        pair.carry()
        let received = try readAll(&pair.client)
        #expect(received.bytes == sent, "\(received.bytes.count) bytes came")
        #expect(received.end == .wantsRead)
    }

    @Test func `a write is taken up to where the wire is full, and goes on from there`() throws {
        var pair = try EnginePair(version: .tls13)
        try pair.handshake()
        pair.server.wire.limitOutput(to: 20_000)
        let sent = [UInt8](repeating: 0x61, count: 40_000)
        #expect(try pair.server.write(sent.span) == .bytes(16_384))
        #expect(try pair.server.write(sent.span.extracting(16_384...)) == .wantsWrite)
        pair.server.wire.limitOutput(to: .max)
        // Given again from another address, as a caller that has moved its bytes would.
        try writeAll(Array(sent[16_384...]), to: &pair.server)
        pair.carry()
        #expect(try readAll(&pair.client).bytes == sent)
    }

    @Test func `an empty write is taken at once`() throws {
        var pair = try EnginePair(version: .tls13)
        try pair.handshake()
        let before = pair.server.wire.bytesOut
        #expect(try pair.server.write([UInt8]().span) == .bytes(0))
        #expect(pair.server.wire.bytesOut == before)
    }

    @Test func `a record larger than the target is pending until it is read`() throws {
        var pair = try EnginePair(version: .tls13)
        try pair.handshake()
        #expect(pair.server.hasPending == false)
        try writeAll(Array("abcdef".utf8), to: &pair.client)
        pair.carry()
        var small: [UInt8] = [0, 0, 0, 0]
        var target = small.mutableSpan
        #expect(try pair.server.read(into: &target) == .bytes(4))
        #expect(small == Array("abcd".utf8))
        #expect(pair.server.hasPending == true)
        #expect(try readAll(&pair.server).bytes == Array("ef".utf8))
        #expect(pair.server.hasPending == false)
    }

    @Test(arguments: [ProtocolVersion.tls12, .tls13])
    func `close_notify is told from a stream that just ends`(version: ProtocolVersion) throws {
        var closing = try EnginePair(version: version)
        try closing.handshake()
        try writeAll([1], to: &closing.client)
        closing.client.shutdown()
        closing.carry()
        closing.server.wire.deliverEnd()
        #expect(try readAll(&closing.server) == ([1], .closed))

        var vanishing = try EnginePair(version: version)
        try vanishing.handshake()
        try writeAll([1], to: &vanishing.client)
        vanishing.carry()
        vanishing.server.wire.deliverEnd()
        #expect(try readAll(&vanishing.server) == ([1], .truncated))
        #expect(vanishing.server.wire.alert == nil)
    }

    @Test(arguments: [ProtocolVersion.tls12, .tls13])
    func `after the peer's close_notify this end can still answer`(version: ProtocolVersion) throws {
        var pair = try EnginePair(version: version)
        try pair.handshake()
        pair.client.shutdown()
        pair.carry()
        #expect(try readAll(&pair.server).end == .closed)
        try writeAll([2, 3], to: &pair.server)
        pair.server.shutdown()
        pair.carry()
        let received = try readAll(&pair.client)
        #expect(received == ([2, 3], .closed))
    }

    @Test func `a record that was changed on its way is refused with bad_record_mac`() throws {
        var pair = try EnginePair(version: .tls13)
        try pair.handshake()
        pair.carry()
        try writeAll([1, 2, 3], to: &pair.client)
        var record = pair.client.wire.takeOutput()
        record[record.count - 1] ^= 1
        pair.server.wire.deliver(record.span)
        let error = try #require(throws: TLSError.self) { _ = try readAll(&pair.server) }
        #expect(error.operation == .read)
        #expect(error.cause == .peerRefused)
        #expect(error.alert?.description == "fatal bad_record_mac sent")
    }
}
