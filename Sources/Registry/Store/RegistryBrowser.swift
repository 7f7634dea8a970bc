package import SoftToken

/// Reads a registry for people: pages in the order of names, single rows, counts.
///
/// For one thread or loop, on which it must stay; each answer is of one state. All throw where the registry can't be
/// read.
package protocol RegistryBrowser: AnyObject {
    /// The devices behind `after`, the last of the page before, by serial, 1 to `limit` of them; with `registered` only
    /// those that are, or are not.
    func devices(after: Serial?, limit: Int, registered: Bool?) throws(StoreError) -> RegistryPage<Device, Serial>

    /// The licenses behind `after`, by number; with `owner` only those that the unit owns.
    func licenses(
        after: LicenseNumber?,
        limit: Int,
        owner: Serial?
    ) throws(StoreError) -> RegistryPage<License, LicenseNumber>

    /// The tokens behind `after`, by serial; with `license` only that one's, and with `state` only those that stand so
    /// at `now`, in seconds since 1970 by the lab's clock.
    ///
    /// A state follows from facts and the time, so such a page is found by looking: it may be short, even empty, and
    /// still have a next one.
    func tokens(
        after: TokenSerial?,
        limit: Int,
        license: LicenseNumber?,
        state: TokenState?,
        now: Int64
    ) throws(StoreError) -> RegistryPage<Token, TokenSerial>

    /// The device with this serial, and the licenses that it owns, ascending.
    func device(_ serial: Serial) throws(StoreError) -> (device: Device, licenses: [LicenseNumber])?

    /// The license with this number.
    func license(_ number: LicenseNumber) throws(StoreError) -> License?

    /// The token with this serial.
    func token(_ serial: TokenSerial) throws(StoreError) -> Token?

    /// How much the registry holds.
    func counts() throws(StoreError) -> RegistryCounts

    /// Up to three names that someone may have meant by `text`, the nearest first.
    func names(near text: String, of subject: RegistrySubject) throws(StoreError) -> [String]
}

/// A page of a list.
package struct RegistryPage<Item: Sendable, Key: Sendable>: Sendable {
    /// What stands on it.
    package var items: [Item]
    /// What the next page comes after; nil where there is none.
    package var next: Key?

    /// Joins both.
    package init(items: [Item], next: Key?) {
        self.items = items
        self.next = next
    }
}
