import TLSNames
import Testing

@testable import TLS

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

    @Test(arguments: [ProtocolVersion.tls12, .tls13])
    func `a record of data that is to be changed is not taken by its reader`(version: ProtocolVersion) throws {
        var pair = try EnginePair(version: version)
        try pair.handshake()
        pair.server.wire.corruptNextOutput()
        #expect(try pair.server.write([1, 2, 3].span) == .bytes(3))
        pair.carry()
        let error = try #require(throws: TLSError.self) { _ = try readAll(&pair.client) }
        #expect(error.alert?.description == "fatal bad_record_mac sent")
    }

    @Test func `what is changed is changed once, also where it is taken in parts`() throws {
        // Bytes of the test's own, so that what was changed can be told.
        let wire = Wire(memoryWith: [])
        let bytes = [UInt8](repeating: 7, count: 100)
        wire.corruptNextOutput()
        wire.limitOutput(to: 10)
        var rest = bytes[...]
        while !rest.isEmpty {
            guard case .moved(let count) = unsafe rest.withUnsafeBytes({ unsafe wire.send($0) }) else { break }
            rest = rest.dropFirst(count)
            wire.limitOutput(to: 30)
        }
        #expect(wire.takeOutput().count { $0 == 6 } == 1)
        wire.limitOutput(to: .max)
        _ = unsafe bytes.withUnsafeBytes { unsafe wire.send($0) }
        #expect(wire.takeOutput().allSatisfy { $0 == 7 })
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
