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

    /// One whose serial and all else is still to come.
    static var blank: RequestHeader {
        RequestHeader(version: nil, deviceVersion: nil, deviceBuild: nil, serial: .none, cluster: [])
    }

    /// What was understood of a header, where that is all; nil for one without a serial.
    @inline(__always)
    init?(_ header: PartialHeader) {
        guard let serial = header.serial else { return nil }
        self.init(
            version: header.version,
            deviceVersion: header.deviceVersion,
            deviceBuild: header.deviceBuild,
            serial: serial,
            cluster: header.cluster
        )
    }
}

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

/// One entry of an answer's `__clustered_sns`.
package struct ClusterPeer: Sendable, Equatable {
    /// The unit.
    package var serial: Serial
    /// Whether it is registered; an unregistered one is answered with the published text.
    package var isRegistered: Bool

    /// Joins the fields.
    package init(serial: Serial, isRegistered: Bool) {
        self.serial = serial
        self.isRegistered = isRegistered
    }
}
