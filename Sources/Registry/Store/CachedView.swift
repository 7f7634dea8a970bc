package import Documents
package import SoftToken

/// What the rules read from a store, and how a store has them decide: rows kept from before, and for the rest the
/// store's own.
///
/// A writer's view lives through all of its transactions, since nobody else changes a row; a session's is cleared
/// whenever something was committed, and reads a state of the store only for what it does not hold. The rules are
/// compiled for this view alone, in this module, so that a poll of rows that are kept meets no store.
package final class CachedView {
    private let source: any RowSource
    // One thread has the view, and a table of rows calls nobody, so that no access can overlap another. It is named
    // where it is used: through an accessor, each row that is looked up would cost a block of memory.
    @exclusivity(unchecked) private var cache = RowCache()
    private var draws: [Chance.Purpose: UInt64] = [:]
    /// Whether a state of the store is being read.
    private var isReading = false
    /// Whether rows of an older state may have entered the ruling at hand, which then has to be made again.
    private var isMixed = false

    /// A view that has kept nothing.
    package init(_ source: any RowSource) {
        self.source = source
    }

    /// Forgets every row, as after a commit by another connection or a rollback on this one.
    package func clear() {
        unsafe cache.removeAll()
        draws.removeAll(keepingCapacity: true)
    }

    /// Keeps what a change has made of a row.
    package func note(_ change: Change) {
        switch change {
        case .insertDevice(let device), .updateDevice(let device):
            unsafe cache.devices.keep(KeptRow(device), as: device.serial.text)
        case .deleteDevice(let serial): unsafe cache.devices.keep(nil, as: serial.text)
        case .insertLicense(let license), .updateLicense(let license), .reissueLicense(let license):
            unsafe cache.licenses.keep(KeptRow(license), as: license.number.text)
        // Its tokens vanish with it, and which of them are kept here is not known; draws stay as they are.
        case .deleteLicense: unsafe cache.removeAll()
        case .insertToken(let token), .updateToken(let token):
            unsafe cache.tokens.keep(KeptRow(token), as: token.serial.text)
        case .recordDraws(let purpose, let count): draws[purpose] = count
        }
    }

    /// The store, of which one state is being read.
    private var reading: any RowSource {
        get throws(StoreError) {
            isReading = true
            if try source.enter() {
                isMixed = unsafe !cache.isEmpty
                clear()
            }
            return source
        }
    }

    private func leave() {
        if isReading { source.leave() }
        (isReading, isMixed) = (false, false)
    }

    // Where it is not inlined, the request is copied for the closure, a hundred instructions in a poll.
    @inline(__always)
    private func decide<Outcome>(_ rule: (CachedView) throws(StoreError) -> Outcome) throws(StoreError) -> Outcome {
        defer { leave() }
        let outcome = try rule(self)
        guard isMixed else { return outcome }
        // A commit came between the rows that were kept and the state that the others were read from; all of them are
        // of that state now, or will be read from it.
        isMixed = false
        return try rule(self)
    }
}

/// What is decided: requests of appliances and phones, and what operators ask.
extension CachedView {
    /// What a poll comes to, made of a ruling that is used up.
    package func poll(
        _ request: PollingRequest,
        _ context: RuleContext,
        into ruling: inout Ruling<PollingOutcome>
    ) throws(StoreError) {
        try decide { (view) throws(StoreError) in try Rules(view, context).poll(request, into: &ruling) }
    }

    /// What a request comes to.
    package func decide(
        _ request: SoftTokenRequest,
        _ context: RuleContext
    ) throws(StoreError) -> Ruling<SoftTokenOutcome> {
        try decide { (view) throws(StoreError) in try Rules(view, context).decide(request) }
    }

    /// What an operation comes to.
    package func perform(
        _ operation: RegistryOperation,
        _ context: RuleContext
    ) throws(StoreError) -> Ruling<OperationOutcome> {
        try decide { (view) throws(StoreError) in try Rules(view, context).perform(operation) }
    }

    /// The changes that merging a document's entries takes, or why they are refused.
    package func changes(
        merging draft: DocumentDraft,
        _ chance: Chance
    ) throws(StoreError) -> Result<[Change], DocumentError> {
        try decide { (view) throws(StoreError) in
            try DocumentAssembly.changes(of: draft, in: view, isMerge: true, chance)
        }
    }

    /// The licenses that a request is about, as far as the registry knows them.
    package func licenses(of request: SoftTokenRequest) throws(StoreError) -> [LicenseNumber] {
        try decide { (view) throws(StoreError) in try view.licensesNamed(in: request) }
    }
}

extension CachedView: RegistryView {
    /// What `read` makes of it, where it lies.
    @inline(__always)
    package func device<Fact>(_ serial: Serial, _ read: (Device) -> Fact) throws(StoreError) -> Fact? {
        if let known = unsafe cache.devices[serial.text] { return known.map { read($0.value) } }
        return unsafe cache.devices.keep(try reading.device(serial).map(KeptRow.init), as: serial.text)
            .map { read($0.value) }
    }

    /// What `read` makes of it, where it lies.
    @inline(__always)
    package func license<Fact>(_ number: LicenseNumber, _ read: (License) -> Fact) throws(StoreError) -> Fact? {
        if let known = unsafe cache.licenses[number.text] { return known.map { read($0.value) } }
        return unsafe cache.licenses.keep(try reading.license(number).map(KeptRow.init), as: number.text)
            .map { read($0.value) }
    }

    /// The license that this code activates.
    package func license(code: RedemptionCode) throws(StoreError) -> License? {
        guard let number = try reading.number(code: code) else { return nil }
        return try license(number)
    }

    /// The trial license that this unit owns.
    package func trial(of owner: Serial) throws(StoreError) -> License? {
        guard let number = try reading.trialNumber(of: owner) else { return nil }
        return try license(number)
    }

    /// The numbers of the licenses that name this unit.
    package func licenses(naming unit: Serial) throws(StoreError) -> [LicenseNumber] {
        try reading.numbers(naming: unit)
    }

    /// How many tokens all licenses have together.
    package func tokenTotal() throws(StoreError) -> Int { try reading.tokenTotal() }

    /// What `read` makes of it, where it lies.
    @inline(__always)
    package func token<Fact>(_ serial: TokenSerial, _ read: (Token) -> Fact) throws(StoreError) -> Fact? {
        if let known = unsafe cache.tokens[serial.text] { return known.map { read($0.value) } }
        return unsafe cache.tokens.keep(try reading.token(serial).map(KeptRow.init), as: serial.text)
            .map { read($0.value) }
    }

    /// The serials of a license's tokens.
    package func tokenSerials(of license: LicenseNumber) throws(StoreError) -> [TokenSerial] {
        try reading.tokenSerials(of: license)
    }

    /// The token whose activation code has this claim.
    package func token(claim: UInt64) throws(StoreError) -> Token? {
        guard let serial = try reading.tokenSerial(claim: claim) else { return nil }
        return try token(serial)
    }

    /// How often this purpose was drawn so far.
    package func draws(for purpose: Chance.Purpose) throws(StoreError) -> UInt64 {
        if let known = draws[purpose] { return known }
        let count = try reading.draws(for: purpose)
        draws[purpose] = count
        return count
    }
}

/// Where a ``CachedView`` reads the rows that it has not kept: a store's connection, used by one thread at a time.
package protocol RowSource: AnyObject {
    /// Begins to read one state of the registry, unless that was begun.
    ///
    /// - Returns: Whether the state is another than the one that was read before.
    func enter() throws(StoreError) -> Bool
    /// Ends what ``enter()`` began, if it did.
    func leave()

    /// The device with this serial.
    func device(_ serial: Serial) throws(StoreError) -> Device?
    /// The license with this number.
    func license(_ number: LicenseNumber) throws(StoreError) -> License?
    /// The number of the license that this code activates.
    func number(code: RedemptionCode) throws(StoreError) -> LicenseNumber?
    /// The number of the trial that this unit owns; the lowest where it owns two.
    func trialNumber(of owner: Serial) throws(StoreError) -> LicenseNumber?
    /// The numbers of the licenses that name this unit as owner, in their cluster or in a grace, in ascending order.
    func numbers(naming unit: Serial) throws(StoreError) -> [LicenseNumber]
    /// How many tokens all licenses have together.
    func tokenTotal() throws(StoreError) -> Int
    /// The token with this serial.
    func token(_ serial: TokenSerial) throws(StoreError) -> Token?
    /// The serials of a license's tokens, in ascending order.
    func tokenSerials(of license: LicenseNumber) throws(StoreError) -> [TokenSerial]
    /// The serial of the token whose activation code has this claim.
    func tokenSerial(claim: UInt64) throws(StoreError) -> TokenSerial?
    /// How often this purpose was drawn so far.
    func draws(for purpose: Chance.Purpose) throws(StoreError) -> UInt64
}
