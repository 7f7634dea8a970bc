import SoftToken

/// Rows that were read before, absent ones included, all of one state of the registry.
struct RowCache: ~Copyable {
    private var devices = RowTable<KeptRow<Device>?>()
    private var licenses = RowTable<KeptRow<License>?>()
    private var tokens = RowTable<KeptRow<Token>?>()

    /// How many rows of a kind are kept; the next one starts over, so that asking for ever new serials can't grow it.
    ///
    /// A token's row takes about 300 bytes, so a cache takes about 5 MB at most, its texts aside.
    static let capacity = 16_384

    /// Whether nothing is kept.
    var isEmpty: Bool { devices.isEmpty && licenses.isEmpty && tokens.isEmpty }

    /// Forgets everything.
    mutating func removeAll() {
        devices.removeAll()
        licenses.removeAll()
        tokens.removeAll()
    }

    /// What is known of a device: nil for nothing, and an inner nil for its absence.
    func device(_ serial: Serial) -> KeptRow<Device>?? { devices[serial.text] }

    /// What is known of a license, as for a device.
    func license(_ number: LicenseNumber) -> KeptRow<License>?? { licenses[number.text] }

    /// What is known of a token, as for a device.
    func token(_ serial: TokenSerial) -> KeptRow<Token>?? { tokens[serial.text] }

    /// Keeps what a device is now.
    mutating func keep(_ device: Device?, as serial: Serial) {
        if devices.count >= Self.capacity { devices.removeAll() }
        devices.keep(device.map(KeptRow.init), as: serial.text)
    }

    /// Keeps what a license is now.
    mutating func keep(_ license: License?, as number: LicenseNumber) {
        if licenses.count >= Self.capacity { licenses.removeAll() }
        licenses.keep(license.map(KeptRow.init), as: number.text)
    }

    /// Keeps what a token is now.
    mutating func keep(_ token: Token?, as serial: TokenSerial) {
        if tokens.count >= Self.capacity { tokens.removeAll() }
        tokens.keep(token.map(KeptRow.init), as: serial.text)
    }
}

/// A row that is kept: as an object, since to copy a license took a hundred and fifty instructions, and a poll asks it for an owner.
final class KeptRow<Value> {
    let value: Value

    init(_ value: Value) {
        self.value = value
    }
}
