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
