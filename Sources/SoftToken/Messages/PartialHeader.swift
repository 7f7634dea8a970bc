/// What could be understood of a request's header, for an answer that echoes it and nulls the rest.
package struct PartialHeader: Sendable, Equatable {
    /// `__version`.
    package var version: VersionText?
    /// `__device_version`.
    package var deviceVersion: VersionText?
    /// `__device_build`.
    package var deviceBuild: VersionText?
    /// `serial_number`.
    package var serial: Serial?
    /// `__clustered_sns`; empty unless every entry was well-formed.
    package var cluster: [Serial]

    /// Joins the fields.
    package init(
        version: VersionText? = nil,
        deviceVersion: VersionText? = nil,
        deviceBuild: VersionText? = nil,
        serial: Serial? = nil,
        cluster: [Serial] = []
    ) {
        self.version = version
        self.deviceVersion = deviceVersion
        self.deviceBuild = deviceBuild
        self.serial = serial
        self.cluster = cluster
    }

    /// The header of a request that was understood.
    package init(_ header: RequestHeader) {
        self.init(
            version: header.version,
            deviceVersion: header.deviceVersion,
            deviceBuild: header.deviceBuild,
            serial: header.serial,
            cluster: header.cluster
        )
    }

    /// The header of a phone's request, which names no unit.
    package init(_ request: MobileProvisionRequest) {
        self.init(
            version: request.version,
            deviceVersion: request.deviceVersion,
            deviceBuild: request.deviceBuild
        )
    }
}
