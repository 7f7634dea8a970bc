import HTTP
package import IO
import Synchronization
import Transport

/// Admission to a plane of the operator's: there is always a way in for somebody who asks at once, whoever holds its
/// places.
///
/// Nobody waits in the backlog behind those who hold connections open. Beyond the places, and beyond an address's share
/// of them, connections stand at the door, where what tells whether the server is well is answered within a second and
/// nothing else (``Service/refusalAtDoor(of:in:)``). It lives on one loop, as the plane's listener and connections do.
package final class Doorkeeper: Admission {
    private struct State: Sendable {
        var seating: Seating
        var guests: [UInt64: any Guest] = [:]
    }

    /// How many places there are.
    package let limit: Int
    /// How many of them one address may have.
    package let limitPerAddress: Int
    private let most: Int
    private let open = Atomic<Int>(0)
    private let numbers: ConnectionNumbers
    private let state: Monitor<State>

    /// How many connections stand at the door.
    private static let door = 32
    /// How many that were told to go may not have gone yet.
    private static let leaving = 64

    /// So many places; 0 for `perAddress` means three quarters of them, so that others find one.
    package init(places: Int, perAddress: Int, numbers: ConnectionNumbers) {
        limit = places
        limitPerAddress = perAddress == 0 ? max(1, places * 3 / 4) : min(perAddress, places)
        most = places + Self.door + Self.leaving
        self.numbers = numbers
        state = Monitor(
            State(seating: Seating(places: places, placesPerAddress: limitPerAddress, door: Self.door))
        )
    }

    /// How many connections are open, those at the door included.
    package var count: Int { open.load(ordering: .relaxed) }

    /// Always, but for the moment in which those who were told to go are still there.
    package var hasRoom: Bool { count < most }

    /// Enters a connection, and has another one go where it must; nobody speaks for others at such a plane.
    package func admit(_ host: SocketAddress.Host, isProxied: Bool) -> Ticket? {
        let id = numbers.next()
        open.wrappingAdd(1, ordering: .relaxed)
        let (isAtDoor, displaced) = state.withLock { state in
            let arrival = Self.arrive(id, from: host, &state)
            return (arrival.isAtDoor, arrival.displaced.flatMap { state.guests.removeValue(forKey: $0) })
        }
        displaced?.displace()
        return Ticket(id: id, host: host, isAtDoor: isAtDoor)
    }

    /// Apart, so that the guests who are looked at are let go of, and not copied, before one of them is struck out.
    private static func arrive(_ id: UInt64, from host: SocketAddress.Host, _ state: inout State) -> Seating.Arrival {
        let guests = state.guests
        return state.seating.arrive(id, from: host, at: .now) { guests[$0]?.occupation() ?? .atWork }
    }

    /// Makes an admitted connection known.
    package func settle(_ guest: any Guest, _ ticket: Ticket) {
        state.withLock { $0.guests[ticket.id] = guest }
    }

    /// Strikes a connection out.
    package func leave(_ ticket: Ticket) {
        open.wrappingSubtract(1, ordering: .relaxed)
        state.withLock { state in
            state.guests[ticket.id] = nil
            state.seating.leave(ticket.id)
        }
    }
}

/// What the doorkeeper of its plane asks of a connection.
extension Connection: Guest {
    /// How long a connection without a place may take to say what it wants, from its first packet on.
    static var doorTimeout: Duration { .seconds(1) }

    /// What it is at; on its loop only.
    nonisolated func occupation() -> Occupation {
        assumeIsolated { connection in
            guard !connection.awaitsTurn else { return .atWork }
            guard connection.awaitsRequest, connection.exchange?.conversation.stage != .body else { return .atWork }
            guard connection.exchanges > 0, connection.exchange?.conversation.hasBegun != true else { return .silent }
            // The deadline of who has begun nothing is that of the wait between two requests.
            let left = connection.transport.deadline.since(.now)
            return .idle(connection.limits.idleTimeout - left)
        }
    }

    /// Has it end; on its loop only.
    nonisolated func displace() {
        assumeIsolated { connection in
            connection.channel.displace()
            connection.context.turns.giveUp(id: connection.id, of: connection.peer.host)
        }
    }
}
