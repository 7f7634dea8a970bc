import IO

/// Which unit last spoke from which address: all that is known of a client before its request.
///
/// A serial belongs to the address that last spoke for it. An address that speaks for several is nobody's: what would
/// be done to one unit would be done to the others.
package struct AddressBindings: Sendable {
    /// What an address is known for.
    enum Speaker {
        /// Nobody spoke from it.
        case nobody
        /// Several units did.
        case several
        /// One did.
        case unit(Unit)
    }

    /// A unit, and what it spoke of.
    struct Unit: Sendable {
        let serial: String
        var licenses: Set<String> = []
        var tokens: Set<String> = []
    }

    /// How many addresses are remembered, and how many licenses and tokens of each.
    private static let limit = 65_536
    private static let wordsLimit = 1_024

    private var units: [SocketAddress.Host: [Unit]] = [:]
    private var addresses: [String: SocketAddress.Host] = [:]

    /// Nothing is known.
    init() {}

    /// Who speaks from an address.
    func speaker(at address: SocketAddress.Host) -> Speaker {
        guard let known = units[address], let first = known.first else { return .nobody }
        return known.count == 1 ? .unit(first) : .several
    }

    /// Whether an address speaks for one unit alone, which is such a one.
    func contains(_ isMeant: (Unit) -> Bool) -> Bool {
        units.values.contains { $0.count == 1 && isMeant($0[0]) }
    }

    /// Notes who spoke, and of what.
    mutating func note(_ exchange: ExchangeFacts, from address: SocketAddress.Host) {
        guard let serial = exchange.serial else { return }
        if let before = addresses[serial], before != address {
            units[before]?.removeAll { $0.serial == serial }
        }
        if units.count >= Self.limit, units[address] == nil { forget() }
        addresses[serial] = address
        var known = units[address] ?? []
        let index = known.firstIndex { $0.serial == serial } ?? known.count
        if index == known.count { known.append(Unit(serial: serial)) }
        if known[index].licenses.count < Self.wordsLimit { known[index].licenses.formUnion(exchange.licenses) }
        if known[index].tokens.count < Self.wordsLimit { known[index].tokens.formUnion(exchange.tokens) }
        units[address] = known
    }

    /// Begins anew, so that a flood of addresses stays within memory.
    private mutating func forget() {
        units.removeAll()
        addresses.removeAll()
    }
}
