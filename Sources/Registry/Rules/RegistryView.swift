package import SoftToken

/// What the rules read: one consistent state of a registry.
///
/// A store answers from its transaction, a test from dictionaries; ``Failure`` is `Never` where reading cannot fail.
package protocol RegistryView {
    /// How reading fails.
    associatedtype Failure: Error

    /// The device with this serial.
    func device(_ serial: Serial) throws(Failure) -> Device?
    /// The license with this number.
    func license(_ number: LicenseNumber) throws(Failure) -> License?
    /// The license that this code activates.
    func license(code: RedemptionCode) throws(Failure) -> License?
    /// The trial license that this unit owns; the one with the lowest number, where an exchange of units left it two.
    func trial(of owner: Serial) throws(Failure) -> License?
    /// The numbers of the licenses that name this unit as owner, in their cluster or in a grace, in ascending order.
    func licenses(naming unit: Serial) throws(Failure) -> [LicenseNumber]
    /// How many tokens all licenses have together.
    func tokenTotal() throws(Failure) -> Int
    /// The token with this serial.
    func token(_ serial: TokenSerial) throws(Failure) -> Token?
    /// The serials of a license's tokens, in ascending order.
    func tokenSerials(of license: LicenseNumber) throws(Failure) -> [TokenSerial]
    /// The token whose activation code has this claim.
    func token(claim: UInt64) throws(Failure) -> Token?
    /// How often this purpose was drawn so far, and so the number of its next draw.
    func draws(for purpose: Chance.Purpose) throws(Failure) -> UInt64

    /// What `read` makes of the device with this serial, where it lies; nil where there is none.
    func device<Fact>(_ serial: Serial, _ read: (Device) -> Fact) throws(Failure) -> Fact?
    /// The same of a license, which it takes long to copy, for those who ask a few things of it.
    func license<Fact>(_ number: LicenseNumber, _ read: (License) -> Fact) throws(Failure) -> Fact?
    /// The same of a token.
    func token<Fact>(_ serial: TokenSerial, _ read: (Token) -> Fact) throws(Failure) -> Fact?
}

extension RegistryView {
    /// What `read` makes of a copy.
    package func device<Fact>(_ serial: Serial, _ read: (Device) -> Fact) throws(Failure) -> Fact? {
        try device(serial).map(read)
    }

    /// What `read` makes of a copy.
    package func license<Fact>(_ number: LicenseNumber, _ read: (License) -> Fact) throws(Failure) -> Fact? {
        try license(number).map(read)
    }

    /// What `read` makes of a copy.
    package func token<Fact>(_ serial: TokenSerial, _ read: (Token) -> Fact) throws(Failure) -> Fact? {
        try token(serial).map(read)
    }
}
