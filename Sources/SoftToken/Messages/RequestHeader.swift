/// What every request of an appliance says of itself, and every answer echoes (docs/protocol.md section 2).
package struct RequestHeader: Sendable, Equatable {
    /// `__version`, `"4"` in every published sample.
    package var version: VersionText?
    /// `__device_version`, such as `"7.0"`.
    package var deviceVersion: VersionText?
    /// `__device_build`, such as `"2573"`.
    package var deviceBuild: VersionText?
    /// `serial_number`: the unit that asks.
    package var serial: Serial
    /// `__clustered_sns` in the order of the request; the requesting unit is usually among them.
    package var cluster: [Serial]

    /// Joins the fields.
    package init(
        version: VersionText?,
        deviceVersion: VersionText?,
        deviceBuild: VersionText?,
        serial: Serial,
        cluster: [Serial]
    ) {
        self.version = version
        self.deviceVersion = deviceVersion
        self.deviceBuild = deviceBuild
        self.serial = serial
        self.cluster = cluster
    }
}
