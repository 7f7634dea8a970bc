import TLS
import Testing

@Suite struct WireTests {
    @Test func `what was delivered and what was read beforehand wait together`() {
        let wire = Wire(memoryWith: [1, 2])
        wire.deliver([3].span)
        #expect(wire.waiting == 3)
        #expect(wire.bytesIn == 0)
        #expect(!wire.isAtEnd)
    }

    @Test func `a new wire knows of no alert, error or output`() {
        let wire = Wire(memoryWith: [])
        wire.deliverEnd()
        #expect(wire.alert == nil)
        #expect(wire.lastError == 0)
        #expect(wire.takeOutput().isEmpty)
        #expect(!wire.isAtEnd, "the end is reached by reading")
    }

    @Test func `output is taken once`() throws {
        var pair = try EnginePair(version: .tls13)
        _ = try pair.client.handshake()
        #expect(pair.client.wire.takeOutput().count == pair.client.wire.bytesOut)
        #expect(pair.client.wire.takeOutput().isEmpty)
    }

    @Test func `a wire lives no longer than its engine`() throws {
        let identity = try EngineIdentities.localhost()
        weak var observed: Wire?
        do {
            let wire = Wire(memoryWith: [])
            observed = wire
            var engine = try Engine(
                server: ServerContext(identity: identity, ticketKeys: ticketKeys()),
                wire: wire
            )
            #expect(try engine.handshake() == .wantsRead)
            #expect(observed != nil)
        }
        #expect(observed == nil)
    }
}
