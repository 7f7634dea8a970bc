package import IO
import Synchronization

/// How many connections are open, in all and by address, and how many may be.
package final class Census: Admission {
    /// How many may be open in all.
    package let limit: Int
    private let limitPerAddress: Int
    private let open = Atomic<Int>(0)
    private let numbers: ConnectionNumbers
    private let byAddress = Monitor<[SocketAddress.Host: Int]>([:])

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
        return byAddress.withLock { counts in
            guard counts[host, default: 0] < limitPerAddress else { return false }
            counts[host, default: 0] += 1
            return true
        }
    }

    /// Counts one less of an address.
    func discount(_ host: SocketAddress.Host) {
        guard limitPerAddress > 0 else { return }
        byAddress.withLock { counts in
            let left = counts[host, default: 1] - 1
            counts[host] = left == 0 ? nil : left
        }
    }
}
