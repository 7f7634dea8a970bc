/// What a sender says of its software, which the answer repeats.
package struct Sender: Sendable, Equatable {
    /// `__version`, `"4"` in every published sample; phones may omit it.
    package var version: VersionText?
    /// `__device_version`, such as `"7.0"`.
    package var deviceVersion: VersionText?
    /// `__device_build`, such as `"2573"`.
    package var deviceBuild: VersionText?

    /// Joins the fields.
    package init(version: VersionText? = nil, deviceVersion: VersionText? = nil, deviceBuild: VersionText? = nil) {
        (self.version, self.deviceVersion, self.deviceBuild) = (version, deviceVersion, deviceBuild)
    }
}

/// What every request of an appliance says of itself, and every answer echoes (docs/protocol.md section 2).
package struct RequestHeader: Sendable, Equatable {
    /// What it says of its software.
    package var sender: Sender
    /// `serial_number`: the unit that asks.
    package var serial: Serial
    /// `__clustered_sns` in the order of the request; the requesting unit is usually among them.
    package var cluster: [Serial]

    /// Joins the fields.
    package init(sender: Sender, serial: Serial, cluster: [Serial]) {
        (self.sender, self.serial, self.cluster) = (sender, serial, cluster)
    }

    /// One whose serial and all else is still to come.
    static var blank: RequestHeader { RequestHeader(sender: Sender(), serial: .none, cluster: []) }
}

/// What could be understood of a request's header, for an answer that echoes it and nulls the rest.
package struct PartialHeader: Sendable, Equatable {
    /// What it says of its software.
    package var sender: Sender
    /// `serial_number`; a phone names no unit.
    package var serial: Serial?
    /// `__clustered_sns`; empty unless every entry was well-formed.
    package var cluster: [Serial]

    /// Joins the fields.
    package init(sender: Sender = Sender(), serial: Serial? = nil, cluster: [Serial] = []) {
        (self.sender, self.serial, self.cluster) = (sender, serial, cluster)
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
