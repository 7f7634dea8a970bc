import SoftToken

extension Rules {
    func addDevice(_ device: Device) throws(Failure) -> Ruling<OperationOutcome> {
        if let defect = device.defect { return refuse(defect) }
        guard try view.device(device.serial) == nil else {
            return refuse(.conflict("device \(device.serial) is there already"))
        }
        return Ruling(outcome: .device(device, licenses: []), changes: [.insertDevice(device)])
    }

    func changeDevice(_ serial: Serial, _ patch: DevicePatch) throws(Failure) -> Ruling<OperationOutcome> {
        guard var device = try view.device(serial) else { return refuse(.notFound(.device, name: "\(serial)")) }
        let stored = device
        device.isRegistered = patch.isRegistered ?? device.isRegistered
        device.model = patch.model.applied(to: device.model)
        if let defect = device.defect { return refuse(defect) }
        return Ruling(
            outcome: .device(device, licenses: try owned(by: serial)),
            changes: device == stored ? [] : [.updateDevice(device)]
        )
    }

    /// A unit that a license names stays: the license's binding would name nobody.
    ///
    /// A grace that has ended names nobody any more, and goes with its unit.
    func removeDevice(_ serial: Serial) throws(Failure) -> Ruling<OperationOutcome> {
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
    func replaceDevice(_ old: Serial, with new: Serial) throws(Failure) -> Ruling<OperationOutcome> {
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
                // Nothing that was lodged lapses any more.
                changes += try self.changes(of: view.tokenSerials(of: number)) { $0.provisioning?.lapses = nil }
            }
            changes.append(.updateLicense(license))
        }
        let owned = Set(try owned(by: new)).union(moved).sorted()
        return Ruling(outcome: .replaced(device, licenses: owned, moved: moved, stayed: stayed), changes: changes)
    }

    /// The licenses that a unit owns, ascending.
    func owned(by unit: Serial) throws(Failure) -> [LicenseNumber] {
        var owned: [LicenseNumber] = []
        for number in try view.licenses(naming: unit) where try view.license(number)?.owner == unit {
            owned.append(number)
        }
        return owned
    }
}

extension Device {
    /// How long a model may be, in characters.
    static let modelLength = 1...64

    /// Why no device is like this one.
    fileprivate var defect: OperationRefusal? {
        let length = Self.modelLength
        guard let model, !length.contains(model.unicodeScalars.count) else { return nil }
        return .invalid("a model is a text of \(length.lowerBound) to \(length.upperBound) characters")
    }
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
