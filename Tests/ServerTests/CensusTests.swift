import IO
import TestKit
import Testing

@testable import Server

extension Admission {
    /// Enters a connection that comes from where it says.
    fileprivate func admit(_ host: SocketAddress.Host) -> Ticket? { admit(host, isProxied: false) }
}

@Suite(.timeLimit(.minutes(1))) struct CensusTests {
    private static let host = SocketAddress.Host.v4(0x7F00_0001)
    private static let other = SocketAddress.Host.v6(0, 1, scope: 0)

    @Test func `connections are counted in and out, and numbered once`() throws {
        let census = Census(limit: 2, perAddress: 0, numbers: ConnectionNumbers())
        let first = try #require(census.admit(Self.host))
        #expect(census.hasRoom)
        let second = try #require(census.admit(Self.host))
        #expect(census.count == 2)
        #expect(!census.hasRoom)
        census.leave(first)
        #expect(census.hasRoom)
        let third = try #require(census.admit(Self.host))
        #expect([first.id, second.id, third.id] == [1, 2, 3])
    }

    @Test func `two planes that share their numbers never give one twice`() throws {
        let numbers = ConnectionNumbers()
        let data = Census(limit: 10, perAddress: 0, numbers: numbers)
        let admin = Census(limit: 10, perAddress: 0, numbers: numbers)
        let ids = try [data, admin, data, admin].map { try #require($0.admit(Self.host)).id }
        #expect(Set(ids).count == 4)
        #expect(data.count == 2)
    }

    @Test func `an address has its own limit, and others are not concerned`() throws {
        let census = Census(limit: 100, perAddress: 2, numbers: ConnectionNumbers())
        let first = try #require(census.admit(Self.host))
        _ = try #require(census.admit(Self.host))
        #expect(census.admit(Self.host) == nil)
        #expect(census.count == 2, "who is not admitted is not counted")
        _ = try #require(census.admit(Self.other))
        census.leave(first)
        #expect(census.admit(Self.host) != nil)
        #expect(census.admit(Self.host) == nil)
    }

    @Test func `many threads come and go, and nobody is left`() async throws {
        let census = Census(limit: 1_000, perAddress: 3, numbers: ConnectionNumbers())
        let admitted = try await Blocking.run(threads: 4) { thread in
            var admitted = 0
            for round in 0..<2_000 {
                let host = SocketAddress.Host.v4(UInt32(thread + round) % 3)
                guard let ticket = census.admit(host) else { continue }
                admitted += 1
                census.leave(ticket)
            }
            return admitted
        }
        #expect(census.count == 0)
        #expect(admitted.reduce(0, +) > 0)
        for host in 0..<3 {
            for _ in 0..<3 { #expect(census.admit(.v4(UInt32(host))) != nil, "a place was lost") }
        }
    }
}
