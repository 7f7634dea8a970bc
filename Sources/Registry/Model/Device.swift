package import SoftToken

/// A unit with a serial number, a FortiGate or a FortiAuthenticator.
package struct Device: Sendable, Equatable {
    /// Its serial.
    package var serial: Serial
    /// Whether its owner has registered it; an unregistered unit is refused.
    package var isRegistered: Bool
    /// What kind of unit it is, for people; no rule reads it.
    package var model: String?

    /// Joins the fields.
    package init(serial: Serial, isRegistered: Bool, model: String? = nil) {
        self.serial = serial
        self.isRegistered = isRegistered
        self.model = model
    }
}
