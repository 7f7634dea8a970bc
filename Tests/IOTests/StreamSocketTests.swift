import IO
import TestKit
import Testing

@Suite("Stream sockets", .timeLimit(.minutes(1)))
struct StreamSocketTests {
    private static let anyPort = SocketAddress(host: .v4(0x7F00_0001), port: 0)

    @Test func `a connection is made, and a wait for it ends with its deadline`() throws {
        let listener = try ListeningSocket.open(Self.anyPort)
        let socket = try StreamSocket.connect(to: listener.address, until: .now + .seconds(5))
        let canRead = socket.wait(for: .toRead, until: .now + .milliseconds(10))
        let canWrite = socket.wait(for: .toWrite, until: .now + .seconds(5))
        #expect(!canRead && canWrite)
        let sent = SystemCall.send(socket.descriptor.number, [1, 2, 3].span)
        #expect(sent == .done(3))
        var target = [UInt8](repeating: 0, count: 8)
        var space = target.mutableSpan
        let received = SystemCall.receive(socket.descriptor.number, into: &space)
        #expect(received == .wouldBlock)
    }

    @Test func `a refusal is an error that names the address`() throws {
        let address = try ListeningSocket.open(Self.anyPort).address
        let error = #expect(throws: SystemError.self) {
            _ = try StreamSocket.connect(to: address, until: .now + .seconds(5))
        }
        #expect(error?.description == "connect \(address): Connection refused")
    }

    @Test func `a name may have several addresses, and all of them have its port`() throws {
        let found = try SocketAddress.resolveAll("localhost:99")
        #expect(found.contains(SocketAddress(host: .v4(0x7F00_0001), port: 99)))
        #expect(found.allSatisfy { $0.port == 99 && $0.isLoopback })
        #expect(throws: AddressError.self) { try SocketAddress.resolveAll("localhost") }
    }
}
