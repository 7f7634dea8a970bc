package import IO
import Synchronization

/// How many connections are open, in all and by address, and how many may be.
package final class Census: Admission {
    /// How many may be open in all.
    package let limit: Int
    private let limitPerAddress: Int
    private let open = Atomic<Int>(0)
    private let numbers: ConnectionNumbers
    private let byAddress = Monitor(Crowd())

    /// Bounds of both kinds; 0 for `perAddress` means none.
    package init(limit: Int, perAddress: Int, numbers: ConnectionNumbers) {
        self.limit = limit
        limitPerAddress = perAddress
        self.numbers = numbers
    }

    /// Whether another connection may be accepted.
    package var hasRoom: Bool { open.load(ordering: .relaxed) < limit }

    /// How many are open.
    package var count: Int { open.load(ordering: .relaxed) }

    /// Enters a connection, or returns nil where its address has too many.
    ///
    /// One of a proxy counts in all and not by address: ``count(_:)`` says whose it is.
    package func admit(_ host: SocketAddress.Host, isProxied: Bool) -> Ticket? {
        guard isProxied || count(host) else { return nil }
        open.wrappingAdd(1, ordering: .relaxed)
        return Ticket(id: numbers.next(), host: isProxied ? nil : host)
    }

    /// Strikes a connection out.
    package func leave(_ ticket: Ticket) {
        open.wrappingSubtract(1, ordering: .relaxed)
        if let host = ticket.host { discount(host) }
    }

    /// Counts one more of an address; false where it has too many.
    func count(_ host: SocketAddress.Host) -> Bool {
        guard limitPerAddress > 0 else { return true }
        return byAddress.withLock { crowd in
            guard crowd.byAddress[host, default: 0] < limitPerAddress else { return false }
            crowd.add(1, of: host)
            return true
        }
    }

    /// Counts one less of an address.
    func discount(_ host: SocketAddress.Host) {
        if limitPerAddress > 0 { byAddress.withLock { $0.add(-1, of: host) } }
    }
}

/// How many connections are somewhere, in all and by address.
struct Crowd: Sendable {
    private(set) var byAddress: [SocketAddress.Host: Int] = [:]
    private(set) var count = 0

    mutating func add(_ change: Int, of host: SocketAddress.Host) {
        count += change
        let sum = byAddress[host, default: 0] + change
        byAddress[host] = sum == 0 ? nil : sum
    }
}
