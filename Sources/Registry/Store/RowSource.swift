package import SoftToken

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
