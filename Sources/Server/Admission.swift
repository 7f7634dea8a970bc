package import IO
import Synchronization

/// Who may connect to a plane, and who has to go where there is no room.
package protocol Admission: Sendable {
    /// How many connections are open.
    var count: Int { get }
    /// How many there may be for work of every kind.
    var limit: Int { get }
    /// Whether another connection may be accepted; where not, it waits.
    var hasRoom: Bool { get }

    /// Enters a connection, or returns nil where its address has too many.
    ///
    /// One of a proxy that speaks for others has no place by its own address.
    func admit(_ host: SocketAddress.Host, isProxied: Bool) -> Ticket?
    /// Makes an admitted connection known, so that it can be asked to go.
    func settle(_ guest: any Guest, _ ticket: Ticket)
    /// Strikes a connection out.
    func leave(_ ticket: Ticket)
}

extension Admission {
    /// Nobody is asked to go.
    package func settle(_ guest: any Guest, _ ticket: Ticket) {}
}

/// One connection's entry; hand it back when the connection ends.
package struct Ticket: Sendable {
    /// The connection's number, unique in the process.
    package let id: UInt64
    /// Whether it has no place, so that only some requests are answered, and soon.
    package let isAtDoor: Bool
    /// Whose place it takes; nil for a proxy's, whose clients have their own.
    let host: SocketAddress.Host?

    init(id: UInt64, host: SocketAddress.Host?, isAtDoor: Bool = false) {
        self.id = id
        self.host = host
        self.isAtDoor = isAtDoor
    }
}

/// A connection as the doorkeeper knows it; both functions are called on its loop.
package protocol Guest: AnyObject, Sendable {
    /// What it is at.
    func occupation() -> Occupation
    /// Has it end.
    func displace()
}

/// What a connection is at.
package enum Occupation: Sendable, Equatable {
    /// It has not said what it wants: no request's head is complete.
    case silent
    /// It was answered, and has asked nothing for so long.
    case idle(Duration)
    /// It is being answered, or a body is on its way.
    case atWork
}

/// Numbers for connections, each given once in the life of the process, whatever plane the connection is of.
package final class ConnectionNumbers: Sendable {
    private let last = Atomic<UInt64>(0)

    /// Numbers from 1 on.
    package init() {}

    /// The next.
    func next() -> UInt64 { last.wrappingAdd(1, ordering: .relaxed).newValue }
}
