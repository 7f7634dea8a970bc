extension Rules {
    /// Does what an operator asks (docs/design/0011-registry-operations.md).
    ///
    /// As with a client's requests, a refusal is an outcome and changes nothing.
    ///
    /// - Throws: What the view throws.
    package static func perform<View: RegistryView>(
        _ operation: RegistryOperation,
        in view: View,
        _ context: RuleContext
    ) throws(View.Failure) -> Ruling<OperationOutcome> {
        switch operation {
        case .addDevice(let device): try addDevice(device, in: view)
        case .changeDevice(let serial, let patch): try changeDevice(serial, patch, in: view)
        case .removeDevice(let serial): try removeDevice(serial, in: view, context)
        case .replaceDevice(let old, let new): try replaceDevice(old, with: new, in: view)
        case .issueLicense(let draft): try issueLicense(draft, in: view, context)
        case .changeLicense(let number, let patch): try changeLicense(number, patch, in: view)
        case .removeLicense(let number): try removeLicense(number, in: view)
        case .transferLicense(let number, let unit, let seconds):
            try transferLicense(number, to: unit, graceSeconds: seconds, in: view, context)
        case .resetTrial(let number): try resetTrial(number, in: view)
        case .lock(let serial): try setLock(true, serial, in: view)
        case .unlock(let serial): try setLock(false, serial, in: view)
        case .release(let serial): try release(serial, in: view)
        case .expire(let serial): try expire(serial, in: view, context)
        }
    }

    /// The ruling of an operation that changes nothing.
    static func refuse(_ refusal: OperationRefusal) -> Ruling<OperationOutcome> {
        Ruling(outcome: .refused(refusal))
    }
}
