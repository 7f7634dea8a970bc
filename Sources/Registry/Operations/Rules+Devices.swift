import SoftToken

extension Rules {
    /// How long a device's model may be, in bytes.
    static let modelLength = 1...64

    static func addDevice<View: RegistryView>(
        _ device: Device,
        in view: View
    ) throws(View.Failure) -> Ruling<OperationOutcome> {
        guard isModel(device.model) else { return refuse(modelRefusal) }
        guard try view.device(device.serial) == nil else {
            return refuse(.conflict("device \(device.serial) is there already"))
        }
        return Ruling(outcome: .device(device, licenses: []), changes: [.insertDevice(device)])
    }

    static func changeDevice<View: RegistryView>(
        _ serial: Serial,
        _ patch: DevicePatch,
        in view: View
    ) throws(View.Failure) -> Ruling<OperationOutcome> {
        guard var device = try view.device(serial) else { return refuse(.notFound(.device, name: "\(serial)")) }
        let stored = device
        device.isRegistered = patch.isRegistered ?? device.isRegistered
        device.model = patch.model.applied(to: device.model)
        guard isModel(device.model) else { return refuse(modelRefusal) }
        return Ruling(
            outcome: .device(device, licenses: try owned(by: serial, in: view)),
            changes: device == stored ? [] : [.updateDevice(device)]
        )
    }

    /// A unit that a license names stays: the license's binding would name nobody.
    ///
    /// A grace that has ended names nobody any more, and goes with its unit.
    static func removeDevice<View: RegistryView>(
        _ serial: Serial,
        in view: View,
        _ context: RuleContext
    ) throws(View.Failure) -> Ruling<OperationOutcome> {
        guard try view.device(serial) != nil else { return refuse(.notFound(.device, name: "\(serial)")) }
        var changes: [Change] = []
        var standing: [LicenseNumber] = []
        for number in try view.licenses(naming: serial) {
            guard var license = try view.license(number) else { continue }
            if license.owner == serial || license.cluster.contains(serial)
                || license.grace.map({ context.now < $0.until }) == true
            {
                standing.append(number)
            } else {
                license.grace = nil
                changes.append(.updateLicense(license))
            }
        }
        guard let first = standing.first else {
            return Ruling(outcome: .removed, changes: changes + [.deleteDevice(serial)])
        }
        let others = standing.count > 1 ? " and \(standing.count - 1) more" : ""
        return refuse(.conflict("device \(serial) is named by license \(first)\(others)"))
    }

    /// The new unit takes the old one's place in every license that was bought.
    ///
    /// As owner, transferable or not, in clusters and in graces; tokens stay as they are, so that phones go on working.
    /// A trial is its unit's for ever (docs/protocol.md section 5): it stays with the old serial, and the new unit
    /// imports its own.
    ///
    /// [our choice: unit-replacement] docs/protocol.md section 5 tells only that a license follows a replacement and a
    /// trial does not: a grace between the two units ends, with what was lodged under it made the owner's.
    static func replaceDevice<View: RegistryView>(
        _ old: Serial,
        with new: Serial,
        in view: View
    ) throws(View.Failure) -> Ruling<OperationOutcome> {
        guard try view.device(old) != nil else { return refuse(.notFound(.device, name: "\(old)")) }
        guard let device = try view.device(new) else { return refuse(.notFound(.device, name: "\(new)")) }
        guard old != new else { return refuse(.conflict("a device can't take its own place")) }
        guard device.isRegistered else { return refuse(.conflict("device \(new) is not registered")) }
        var changes: [Change] = []
        var moved: [LicenseNumber] = []
        var stayed: [LicenseNumber] = []
        for number in try view.licenses(naming: old) {
            guard var license = try view.license(number) else { continue }
            if license.owner == old {
                guard !number.isTrial else {
                    stayed.append(number)
                    continue
                }
                license.owner = new
                moved.append(number)
            }
            license.substitute(new, for: old)
            if let grace = license.grace, grace.unit == license.owner {
                license.grace = nil
                changes += try keepLodged(number, in: view)
            }
            changes.append(.updateLicense(license))
        }
        let owned = Set(try owned(by: new, in: view)).union(moved).sorted()
        return Ruling(outcome: .replaced(device, licenses: owned, moved: moved, stayed: stayed), changes: changes)
    }

    /// The licenses that a unit owns, ascending.
    static func owned<View: RegistryView>(
        by unit: Serial,
        in view: View
    ) throws(View.Failure) -> [LicenseNumber] {
        var owned: [LicenseNumber] = []
        for number in try view.licenses(naming: unit) where try view.license(number)?.owner == unit {
            owned.append(number)
        }
        return owned
    }

    /// The changes by which nothing lodged for a license's tokens lapses any more.
    private static func keepLodged<View: RegistryView>(
        _ number: LicenseNumber,
        in view: View
    ) throws(View.Failure) -> [Change] {
        var changes: [Change] = []
        for serial in try view.tokenSerials(of: number) {
            guard var token = try view.token(serial), token.provisioning?.lapses != nil else { continue }
            token.provisioning?.lapses = nil
            changes.append(.updateToken(token))
        }
        return changes
    }

    private static func isModel(_ model: String?) -> Bool {
        model.map { modelLength.contains($0.unicodeScalars.count) } ?? true
    }

    private static let modelRefusal = OperationRefusal.invalid(
        "a model is a text of \(modelLength.lowerBound) to \(modelLength.upperBound) characters"
    )
}

extension License {
    /// Names `new` wherever the cluster or the grace names `old`.
    fileprivate mutating func substitute(_ new: Serial, for old: Serial) {
        if let place = cluster.firstIndex(of: old) {
            if cluster.contains(new) {
                cluster.remove(at: place)
            } else {
                cluster[place] = new
            }
        }
        if grace?.unit == old { grace?.unit = new }
    }
}
