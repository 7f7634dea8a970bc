/// A whole registry as one value: what the registry document holds (the operator's file), and what an export gives.
///
/// The order is canonical, so that equal registries make equal documents: devices by serial, licenses by number, tokens
/// by license and serial.
package struct RegistryDocument: Sendable, Equatable {
    /// The devices.
    package let devices: [Device]
    /// The licenses.
    package let licenses: [License]
    /// Every token of every license.
    package let tokens: [Token]

    /// Puts the parts in order.
    ///
    /// They are taken as they are; ``read(_:chance:)`` checks what an operator wrote.
    package init(devices: [Device], licenses: [License], tokens: [Token]) {
        self.devices = devices.sorted { $0.serial < $1.serial }
        self.licenses = licenses.sorted { $0.number < $1.number }
        self.tokens = tokens.sorted { ($0.license, $0.serial) < ($1.license, $1.serial) }
    }

    /// The changes that make an empty registry this one.
    package var changes: [Change] {
        devices.map { .insertDevice($0) } + licenses.map { .insertLicense($0) } + tokens.map { .insertToken($0) }
    }
}
