import Registry
import SoftToken

/// What the rules read from a store: rows kept from before, and for the rest the connection.
///
/// The writer's view lives through all of its transactions, since nobody else changes a row; a session's is cleared
/// whenever something was committed, and opens a read transaction only for what it does not hold.
final class CachedView: RegistryView {
    private let reader: RowReader
    private let snapshot: Snapshot?
    private var cache = RowCache()
    private var draws: [Chance.Purpose: UInt64] = [:]
    /// Whether rows of an older state may have entered the ruling at hand, which then has to be made again.
    private(set) var isMixed = false

    /// A view of the connection behind `reader`; without a snapshot, its owner keeps a transaction open around it.
    init(_ reader: RowReader, snapshot: Snapshot? = nil) {
        self.reader = reader
        self.snapshot = snapshot
    }

    /// Forgets every row, as after a commit by another connection or a rollback on this one.
    func clear() {
        cache.removeAll()
        draws.removeAll(keepingCapacity: true)
    }

    /// Ends the read transaction, if one was opened.
    func leave() {
        snapshot?.leave()
        isMixed = false
    }

    /// Marks that everything from here on is read from one state.
    func startOver() {
        isMixed = false
    }

    /// Keeps what a change has made of a row.
    func note(_ change: Change) {
        switch change {
        case .insertDevice(let device), .updateDevice(let device): cache.keep(device, as: device.serial)
        case .deleteDevice(let serial): cache.keep(nil, as: serial)
        case .insertLicense(let license), .updateLicense(let license), .reissueLicense(let license):
            cache.keep(license, as: license.number)
        // Its tokens vanish with it, and which of them are kept here is not known; draws stay as they are.
        case .deleteLicense: cache.removeAll()
        case .insertToken(let token), .updateToken(let token): cache.keep(token, as: token.serial)
        case .recordDraws(let purpose, let count): draws[purpose] = count
        }
    }

    private func enter() throws(StoreError) {
        guard let snapshot, try snapshot.enter() else { return }
        isMixed = !cache.isEmpty
        clear()
    }

    func device(_ serial: Serial) throws(StoreError) -> Device? {
        if let known = cache.device(serial) { return known }
        try enter()
        let device = try reader.device(serial)
        cache.keep(device, as: serial)
        return device
    }

    func license(_ number: LicenseNumber) throws(StoreError) -> License? {
        if let known = cache.license(number) { return known }
        try enter()
        let license = try reader.license(number)
        cache.keep(license, as: number)
        return license
    }

    func license(code: RedemptionCode) throws(StoreError) -> License? {
        try enter()
        guard let number = try reader.number(code: code) else { return nil }
        return try license(number)
    }

    func trial(of owner: Serial) throws(StoreError) -> License? {
        try enter()
        guard let number = try reader.trialNumber(of: owner) else { return nil }
        return try license(number)
    }

    func licenses(naming unit: Serial) throws(StoreError) -> [LicenseNumber] {
        try enter()
        return try reader.numbers(naming: unit)
    }

    func tokenTotal() throws(StoreError) -> Int {
        try enter()
        return try reader.tokenTotal()
    }

    func token(_ serial: TokenSerial) throws(StoreError) -> Token? {
        if let known = cache.token(serial) { return known }
        try enter()
        let token = try reader.token(serial)
        cache.keep(token, as: serial)
        return token
    }

    func tokenSerials(of license: LicenseNumber) throws(StoreError) -> [TokenSerial] {
        try enter()
        return try reader.tokenSerials(of: license)
    }

    func token(claim: UInt64) throws(StoreError) -> Token? {
        try enter()
        guard let serial = try reader.tokenSerial(claim: claim) else { return nil }
        return try token(serial)
    }

    func draws(for purpose: Chance.Purpose) throws(StoreError) -> UInt64 {
        if let known = draws[purpose] { return known }
        try enter()
        let count = try reader.draws(for: purpose)
        draws[purpose] = count
        return count
    }
}
