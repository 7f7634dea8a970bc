package import SoftToken

/// What the rules read: one consistent state of a registry.
///
/// A store answers from its transaction, a test from dictionaries; ``Failure`` is `Never` where reading cannot fail.
package protocol RegistryView {
    /// How reading fails.
    associatedtype Failure: Error

    /// What `read` makes of the device with this serial, where it lies; nil where there is none.
    func device<Fact>(_ serial: Serial, _ read: (Device) -> Fact) throws(Failure) -> Fact?
    /// The same of a license, which it takes long to copy, for those who ask a few things of it.
    func license<Fact>(_ number: LicenseNumber, _ read: (License) -> Fact) throws(Failure) -> Fact?
    /// The same of a token.
    func token<Fact>(_ serial: TokenSerial, _ read: (Token) -> Fact) throws(Failure) -> Fact?
    /// The license that this code activates.
    func license(code: RedemptionCode) throws(Failure) -> License?
    /// The trial license that this unit owns; the one with the lowest number, where an exchange of units left it two.
    func trial(of owner: Serial) throws(Failure) -> License?
    /// The numbers of the licenses that name this unit as owner, in their cluster or in a grace, in ascending order.
    func licenses(naming unit: Serial) throws(Failure) -> [LicenseNumber]
    /// How many tokens all licenses have together.
    func tokenTotal() throws(Failure) -> Int
    /// The serials of a license's tokens, in ascending order.
    func tokenSerials(of license: LicenseNumber) throws(Failure) -> [TokenSerial]
    /// The token whose activation code has this claim.
    func token(claim: UInt64) throws(Failure) -> Token?
    /// How often this purpose was drawn so far, and so the number of its next draw.
    func draws(for purpose: Chance.Purpose) throws(Failure) -> UInt64
}

extension RegistryView {
    /// The device with this serial.
    package func device(_ serial: Serial) throws(Failure) -> Device? { try device(serial) { $0 } }
    /// The license with this number.
    package func license(_ number: LicenseNumber) throws(Failure) -> License? { try license(number) { $0 } }
    /// The token with this serial.
    package func token(_ serial: TokenSerial) throws(Failure) -> Token? { try token(serial) { $0 } }
}

/// A registry in dictionaries: what rules read where no store is, and what every store has to agree with.
///
/// What is not a look-up by name goes through all rows.
package struct MemoryRegistry: RegistryView {
    /// The units.
    package var devices: [Serial: Device] = [:]
    /// The licenses.
    package var licenses: [LicenseNumber: License] = [:]
    /// The tokens.
    package var tokens: [TokenSerial: Token] = [:]
    /// How often each purpose was drawn.
    package var draws: [Chance.Purpose: UInt64] = [:]

    /// One that holds nothing.
    package init() {}

    /// What `read` makes of the device with this serial.
    package func device<Fact>(_ serial: Serial, _ read: (Device) -> Fact) -> Fact? { devices[serial].map(read) }

    /// What `read` makes of the license with this number.
    package func license<Fact>(_ number: LicenseNumber, _ read: (License) -> Fact) -> Fact? {
        licenses[number].map(read)
    }

    /// The license that this code activates.
    package func license(code: RedemptionCode) -> License? { licenses.values.first { $0.code == code } }

    /// The trial license of the lowest number that this unit owns.
    package func trial(of owner: Serial) -> License? {
        licenses.values.filter { $0.owner == owner && $0.number.isTrial }.min { $0.number < $1.number }
    }

    /// The numbers of the licenses that name this unit, in ascending order.
    package func licenses(naming unit: Serial) -> [LicenseNumber] {
        licenses.values.filter { $0.owner == unit || $0.cluster.contains(unit) || $0.grace?.unit == unit }
            .map(\.number).sorted()
    }

    /// How many tokens all licenses have together.
    package func tokenTotal() -> Int { licenses.values.reduce(0) { $0 + $1.size } }

    /// What `read` makes of the token with this serial.
    package func token<Fact>(_ serial: TokenSerial, _ read: (Token) -> Fact) -> Fact? { tokens[serial].map(read) }

    /// The serials of a license's tokens, in ascending order.
    package func tokenSerials(of license: LicenseNumber) -> [TokenSerial] {
        tokens.values.filter { $0.license == license }.map(\.serial).sorted()
    }

    /// The token whose activation code has this claim.
    package func token(claim: UInt64) -> Token? { tokens.values.first { $0.provisioning?.code.claim == claim } }

    /// How often this purpose was drawn so far.
    package func draws(for purpose: Chance.Purpose) -> UInt64 { draws[purpose, default: 0] }
}
