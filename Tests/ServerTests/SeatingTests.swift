import IO
import Testing

@testable import Server

/// Who gets a place on a plane, and who has to go for it.
@Suite struct SeatingTests {
    private static let crowd = SocketAddress.Host.v4(0x7F00_0001)
    private static let other = SocketAddress.Host.v4(0x7F00_0002)
    private static let start = Instant(nanoseconds: 1_000_000_000_000)

    /// Lets somebody in who comes so many milliseconds after the start.
    private static func arrive(
        _ id: UInt64,
        from host: SocketAddress.Host,
        at milliseconds: Int64,
        in seating: inout Seating,
        _ occupation: (UInt64) -> Occupation = { _ in .atWork }
    ) -> Seating.Arrival {
        seating.arrive(id, from: host, at: start + .milliseconds(milliseconds), occupation: occupation)
    }

    /// Four places, three for one address, and two at the door.
    private static func full(by host: SocketAddress.Host = crowd) -> Seating {
        var seating = Seating(places: 4, placesPerAddress: 3, door: 2)
        for id: UInt64 in 1...3 { _ = arrive(id, from: host, at: Int64(id), in: &seating) }
        return seating
    }

    @Test func `an address has its share, and another one finds a place`() {
        var seating = Self.full()
        #expect(Self.arrive(4, from: Self.crowd, at: 5000, in: &seating) == .init(isAtDoor: true, displaced: nil))
        #expect(Self.arrive(5, from: Self.other, at: 5000, in: &seating) == .init(isAtDoor: false, displaced: nil))
    }

    // Defect: 64 silent connections, or half requests, shut the plane to everybody until their deadlines.
    @Test func `the longest that has asked nothing goes for one of its address, before one that was answered`() {
        var seating = Self.full()
        let occupations: [UInt64: Occupation] = [1: .idle(.seconds(3)), 2: .silent, 3: .silent]
        let first = Self.arrive(4, from: Self.crowd, at: 5000, in: &seating) { occupations[$0] ?? .atWork }
        #expect(first == .init(isAtDoor: false, displaced: 2))
        let second = Self.arrive(5, from: Self.crowd, at: 5000, in: &seating) { occupations[$0] ?? .atWork }
        #expect(second == .init(isAtDoor: false, displaced: 3))
        let third = Self.arrive(6, from: Self.crowd, at: 5000, in: &seating) { occupations[$0] ?? .atWork }
        #expect(third == .init(isAtDoor: false, displaced: 1))
        let fourth = Self.arrive(7, from: Self.crowd, at: 5000, in: &seating) { occupations[$0] ?? .atWork }
        #expect(fourth == .init(isAtDoor: true, displaced: nil))
    }

    @Test func `who has just come, or was just answered, keeps the place`() {
        var seating = Self.full()
        let occupations: [UInt64: Occupation] = [1: .silent, 2: .idle(.milliseconds(900)), 3: .atWork]
        let arrival = Self.arrive(4, from: Self.crowd, at: 900, in: &seating) { occupations[$0] ?? .atWork }
        #expect(arrival == .init(isAtDoor: true, displaced: nil))
    }

    // Defect: of a thousand who came at once each had everybody before it asked what it was at, and health waited for
    // that.
    @Test func `nobody is asked who came within the moment in which nobody has to go`() {
        var seating = Seating(places: 64, placesPerAddress: 48, door: 16)
        for id: UInt64 in 1...1000 {
            _ = Self.arrive(id, from: Self.crowd, at: Int64(id) % 900, in: &seating) { asked in
                Issue.record("\(asked) was asked")
                return .silent
            }
        }
    }

    @Test func `where all places are taken one goes of the address that has the most`() {
        var seating = Self.full()
        _ = Self.arrive(4, from: Self.other, at: 10, in: &seating)
        let third = SocketAddress.Host.v4(0x7F00_0003)
        let arrival = Self.arrive(5, from: third, at: 5000, in: &seating) { _ in .silent }
        #expect(arrival == .init(isAtDoor: false, displaced: 1))
    }

    @Test func `at the door the longest goes of the address that has the most, whatever it is at`() {
        var seating = Self.full()
        _ = Self.arrive(4, from: Self.other, at: 10, in: &seating)
        _ = Self.arrive(5, from: Self.crowd, at: 11, in: &seating)
        let third = SocketAddress.Host.v4(0x7F00_0003)
        #expect(Self.arrive(6, from: third, at: 12, in: &seating) == .init(isAtDoor: true, displaced: nil))
        #expect(Self.arrive(7, from: Self.crowd, at: 13, in: &seating) == .init(isAtDoor: true, displaced: 5))
        #expect(Self.arrive(8, from: third, at: 14, in: &seating) == .init(isAtDoor: true, displaced: 7))
    }

    @Test func `who leaves makes room, and who had to go leaves once`() {
        var seating = Self.full()
        let arrival = Self.arrive(4, from: Self.crowd, at: 5000, in: &seating) { _ in .silent }
        #expect(arrival.displaced == 1)
        seating.leave(1)
        seating.leave(2)
        #expect(seating.entries.map(\.id) == [3, 4])
        #expect(Self.arrive(5, from: Self.crowd, at: 5001, in: &seating) == .init(isAtDoor: false, displaced: nil))
        #expect(Self.arrive(6, from: Self.crowd, at: 5002, in: &seating).isAtDoor)
    }

    @Test func `a thousand of one address leave another its place, and the door open`() {
        var seating = Seating(places: 64, placesPerAddress: 48, door: 16)
        for id: UInt64 in 1...1000 {
            _ = Self.arrive(id, from: Self.crowd, at: Int64(id), in: &seating) {
                $0.isMultiple(of: 2) ? .silent : .atWork
            }
        }
        #expect(seating.entries.count == 64)
        let other = Self.arrive(1001, from: Self.other, at: 2000, in: &seating)
        #expect(other == .init(isAtDoor: false, displaced: nil))
    }
}
