import SoftToken

/// What the operator's operations do.
extension Rules {
    /// Decides an operation.
    ///
    /// - Throws: What the view throws.
    package static func operate<View: RegistryView>(
        _ operation: RegistryOperation,
        in view: View,
        _ context: RuleContext
    ) throws(View.Failure) -> Ruling<OperationOutcome> {
        switch operation {
        case .addDevice(let device): try add(device, in: view)
        case .changeDevice(let serial, let patch): try change(serial, patch, in: view)
        case .removeDevice(let serial): try remove(serial, in: view)
        case .replaceDevice(let serial, let other): try replace(serial, with: other, in: view)
        case .issueLicense(let draft): try issue(draft, in: view, context)
        case .changeLicense(let number, let patch): try change(number, patch, in: view)
        case .removeLicense(let number): try remove(number, in: view)
        case .transferLicense(let number, let unit, let grace):
            try transfer(number, to: unit, grace: grace, in: view, context)
        case .resetTrial(let number): try resetTrial(number, in: view)
        case .lock(let serial): try change(serial, in: view) { $0.isLocked = true }
        case .unlock(let serial): try change(serial, in: view) { $0.isLocked = false }
        case .release(let serial): try release(serial, in: view)
        case .expire(let serial): try expire(serial, in: view, context)
        }
    }

    static func refused(_ refusal: OperationRefusal) -> Ruling<OperationOutcome> { Ruling(outcome: .refused(refusal)) }

    // MARK: - Devices

    private static func add<View: RegistryView>(
        _ device: Device,
        in view: View
    ) throws(View.Failure) -> Ruling<OperationOutcome> {
        guard try view.device(device.serial) == nil else {
            return refused(.conflict("a device \(device.serial) is there already"))
        }
        return Ruling(outcome: .device(device), changes: [.insertDevice(device)])
    }

    private static func change<View: RegistryView>(
        _ serial: Serial,
        _ patch: DevicePatch,
        in view: View
    ) throws(View.Failure) -> Ruling<OperationOutcome> {
        guard let stored = try view.device(serial) else { return refused(.noDevice(serial)) }
        var device = stored
        if let registered = patch.registered { device.isRegistered = registered }
        if let model = patch.model { device.model = model }
        return Ruling(outcome: .device(device), changes: device == stored ? [] : [.updateDevice(device)])
    }

    private static func remove<View: RegistryView>(
        _ serial: Serial,
        in view: View
    ) throws(View.Failure) -> Ruling<OperationOutcome> {
        guard try view.device(serial) != nil else { return refused(.noDevice(serial)) }
        let licenses = try view.licenses(naming: serial)
        guard licenses.isEmpty else {
            let names = licenses.prefix(3).map(\.description).joined(separator: ", ")
            let more = licenses.count > 3 ? " and \(licenses.count - 3) more" : ""
            return refused(.conflict("the device \(serial) is named by \(names)\(more)"))
        }
        return Ruling(outcome: .removed, changes: [.deleteDevice(serial)])
    }

    /// Every license of the returned unit goes to the other, in its binding and in its cluster; tokens stay as they are.
    ///
    /// [our choice: replacement] PROTOCOL.md section 5 tells only that an RMA moves licenses. The other unit has to be
    /// registered; the returned one stays known. A trial stays where it is if the other unit has one of its own, for no
    /// unit has two.
    private static func replace<View: RegistryView>(
        _ serial: Serial,
        with other: Serial,
        in view: View
    ) throws(View.Failure) -> Ruling<OperationOutcome> {
        guard try view.device(serial) != nil else { return refused(.noDevice(serial)) }
        if let refusal = try refusal(of: other, in: view, insteadOf: serial) { return refused(refusal) }
        let hasTrial = try view.trial(of: other) != nil
        var moved: [LicenseNumber] = []
        var changes: [Change] = []
        for number in try view.licenses(naming: serial) {
            guard var license = try view.license(number) else { continue }
            let stored = license
            if license.owner == serial, license.number.isTrial, hasTrial { continue }
            if license.owner == serial {
                license.owner = other
                moved.append(number)
            }
            license.cluster = license.cluster.filter { $0 != other }.map { $0 == serial ? other : $0 }
            if license.grace?.unit == serial { license.grace?.unit = other }
            if license.grace?.unit == license.owner { license.grace = nil }
            if license != stored { changes.append(.updateLicense(license)) }
        }
        return Ruling(outcome: .moved(moved), changes: changes)
    }

    /// Why a unit can't take over what another has; nil where it can.
    static func refusal<View: RegistryView>(
        of unit: Serial,
        in view: View,
        insteadOf other: Serial
    ) throws(View.Failure) -> OperationRefusal? {
        guard unit != other else { return .invalid("\(unit) has it already") }
        guard let device = try view.device(unit) else { return .invalid("no device \(unit); add it first") }
        guard device.isRegistered else { return .conflict("the device \(unit) is not registered") }
        return nil
    }

    // MARK: - Tokens

    private static func change<View: RegistryView>(
        _ serial: TokenSerial,
        in view: View,
        _ body: (inout Token) -> Void
    ) throws(View.Failure) -> Ruling<OperationOutcome> {
        guard let stored = try view.token(serial) else { return refused(.noToken(serial)) }
        var token = stored
        body(&token)
        return Ruling(outcome: .token(token), changes: token == stored ? [] : [.updateToken(token)])
    }

    private static func release<View: RegistryView>(
        _ serial: TokenSerial,
        in view: View
    ) throws(View.Failure) -> Ruling<OperationOutcome> {
        guard let token = try view.token(serial) else { return refused(.noToken(serial)) }
        guard !token.isLocked else { return refused(.conflict("the token \(serial) is locked; unlock it first")) }
        return try change(serial, in: view) { $0.provisioning = nil }
    }

    private static func expire<View: RegistryView>(
        _ serial: TokenSerial,
        in view: View,
        _ context: RuleContext
    ) throws(View.Failure) -> Ruling<OperationOutcome> {
        guard let token = try view.token(serial) else { return refused(.noToken(serial)) }
        let state = token.state(at: context.now)
        guard state == .pending else {
            return refused(
                .conflict("the token \(serial) is \(state.rawValue); only a pending one has a code that can end")
            )
        }
        return try change(serial, in: view) { $0.provisioning?.codeExpires = context.now }
    }
}
