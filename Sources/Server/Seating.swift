import IO

/// The places of a plane, and the few at its door for those who find them taken: who gets which, and who has to go for
/// it.
///
/// A value without a clock: moments come in as parameters.
struct Seating {
    /// How many places there are.
    let places: Int
    /// How many of them one address may have.
    let placesPerAddress: Int
    /// How many may be at the door.
    let door: Int

    /// Those who are here, the longest first.
    private(set) var entries: [Entry] = []
    private var seated = Crowd()
    private var atDoor = Crowd()

    /// One connection.
    struct Entry {
        let id: UInt64
        let host: SocketAddress.Host
        let arrived: Instant
        let isAtDoor: Bool
    }

    /// What becomes of somebody who comes, and who goes for it.
    struct Arrival: Equatable {
        let isAtDoor: Bool
        let displaced: UInt64?
    }

    /// For how long nobody with a place has to go for another: a client that has just connected is about to ask, and
    /// one that was just answered may ask again.
    static let patience = Duration.seconds(1)

    init(places: Int, placesPerAddress: Int, door: Int) {
        self.places = places
        self.placesPerAddress = placesPerAddress
        self.door = door
    }

    /// Lets somebody in.
    ///
    /// Where their address has all that it may have, one of that address goes who has asked nothing yet or, failing
    /// that, asks nothing any more; where all places are taken, one of the address that has the most. Where all of
    /// these are at work the newcomer stands at the door, where the longest of the address that has the most goes if it
    /// must.
    mutating func arrive(
        _ id: UInt64,
        from host: SocketAddress.Host,
        at now: Instant,
        occupation: (UInt64) -> Occupation
    ) -> Arrival {
        let isOver = seated.byAddress[host, default: 0] >= placesPerAddress
        guard isOver || seated.count >= places else { return enter(id, host, now, isAtDoor: false) }
        let crowd = isOver ? host : seated.byAddress.max { $0.value < $1.value }?.key
        if let index = dispensable(of: crowd ?? host, at: now, occupation) {
            return enter(id, host, now, isAtDoor: false, for: remove(at: index).id)
        }
        guard atDoor.count >= door, let index = longestAtDoor(beside: host) else {
            return enter(id, host, now, isAtDoor: true)
        }
        return enter(id, host, now, isAtDoor: true, for: remove(at: index).id)
    }

    /// Strikes somebody out, unless they had to go before.
    mutating func leave(_ id: UInt64) {
        guard let index = entries.firstIndex(where: { $0.id == id }) else { return }
        _ = remove(at: index)
    }

    private mutating func enter(
        _ id: UInt64,
        _ host: SocketAddress.Host,
        _ now: Instant,
        isAtDoor: Bool,
        for displaced: UInt64? = nil
    ) -> Arrival {
        entries.append(Entry(id: id, host: host, arrived: now, isAtDoor: isAtDoor))
        if isAtDoor { atDoor.add(1, of: host) } else { seated.add(1, of: host) }
        return Arrival(isAtDoor: isAtDoor, displaced: displaced)
    }

    private mutating func remove(at index: Int) -> Entry {
        let entry = entries.remove(at: index)
        if entry.isAtDoor { atDoor.add(-1, of: entry.host) } else { seated.add(-1, of: entry.host) }
        return entry
    }

    /// The one of an address whose place is of the least use to it.
    private func dispensable(
        of host: SocketAddress.Host,
        at now: Instant,
        _ occupation: (UInt64) -> Occupation
    ) -> Int? {
        var idle: Int?
        for (index, entry) in entries.enumerated() {
            // Whoever comes after has been here for less: a thousand who come at once are not asked about each other.
            guard now.since(entry.arrived) >= Self.patience else { break }
            guard !entry.isAtDoor, entry.host == host else { continue }
            switch occupation(entry.id) {
            case .silent: return index
            case .idle(let time) where time >= Self.patience: idle = idle ?? index
            default: continue
            }
        }
        return idle
    }

    /// Who has been at the door for longest, of the address that has the most connections of those that are there.
    private func longestAtDoor(beside newcomer: SocketAddress.Host) -> Int? {
        var counts = seated.byAddress.merging(atDoor.byAddress, uniquingKeysWith: +)
        counts[newcomer, default: 0] += 1
        guard let crowd = atDoor.byAddress.keys.max(by: { counts[$0, default: 0] < counts[$1, default: 0] }) else {
            return nil
        }
        return entries.firstIndex { $0.isAtDoor && $0.host == crowd }
    }
}
