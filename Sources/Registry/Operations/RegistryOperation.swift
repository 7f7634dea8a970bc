package import Documents
package import Notation
package import SoftToken

/// What an operator asks of a registry, apart from whole documents.
package enum RegistryOperation: Sendable, Equatable {
    /// Adds a unit.
    case addDevice(Device)
    /// Changes what is known of a unit.
    case changeDevice(Serial, DevicePatch)
    /// Removes a unit that no license names.
    case removeDevice(Serial)
    /// Puts another unit in the place of one that broke (RMA): every license that was bought for it moves.
    case replaceDevice(Serial, with: Serial)
    /// Issues a license with its tokens.
    case issueLicense(LicenseDraft)
    /// Changes a license's valid-until and whether it may be transferred, or withdraws it.
    case changeLicense(LicenseNumber, LicensePatch)
    /// Removes a license with its tokens.
    case removeLicense(LicenseNumber)
    /// Gives an activated license to another unit; the former owner goes on for so many seconds.
    case transferLicense(LicenseNumber, to: Serial, graceSeconds: Int64)
    /// Frees a trial's tokens and ends its being stale, as its unit's own import does.
    case resetTrial(LicenseNumber)
    /// Locks a token.
    case lock(TokenSerial)
    /// Unlocks a token.
    case unlock(TokenSerial)
    /// Makes a token available again: seed, code and phone are dropped.
    case release(TokenSerial)
    /// Ends a token's activation code now.
    case expire(TokenSerial)
}

/// What a patch does to a field that may be absent.
package enum FieldPatch<Value: Sendable & Equatable>: Sendable, Equatable {
    /// The field stays as it is.
    case keep
    /// The field is absent from now on.
    case remove
    /// The field has this value from now on.
    case set(Value)

    /// The field after the patch.
    package func applied(to value: Value?) -> Value? {
        switch self {
        case .keep: value
        case .remove: nil
        case .set(let new): new
        }
    }
}

/// What changes about a device.
package struct DevicePatch: Sendable, Equatable {
    /// Whether it is registered; nil leaves it.
    package var isRegistered: Bool?
    /// What kind of unit it is.
    package var model: FieldPatch<String>

    /// Joins the fields.
    package init(isRegistered: Bool? = nil, model: FieldPatch<String> = .keep) {
        self.isRegistered = isRegistered
        self.model = model
    }
}

/// What changes about a license.
package struct LicensePatch: Sendable, Equatable {
    /// The last day on which an unused code can be redeemed.
    package var validUntil: FieldPatch<CalendarDay>
    /// Whether the license is withdrawn; nil leaves it.
    package var isRevoked: Bool?
    /// Whether it may be given to another unit; nil leaves it.
    package var isTransferable: Bool?

    /// Joins the fields.
    package init(validUntil: FieldPatch<CalendarDay> = .keep, isRevoked: Bool? = nil, isTransferable: Bool? = nil) {
        self.validUntil = validUntil
        self.isRevoked = isRevoked
        self.isTransferable = isTransferable
    }
}

/// A license that is to be issued; what it leaves out is drawn from the lab's chance.
package struct LicenseDraft: Sendable, Equatable {
    /// How many tokens it has.
    package var size: Int
    /// Its number, which is no trial's.
    package var number: LicenseNumber?
    /// Its redemption code, which is not the zeros.
    package var code: RedemptionCode?
    /// The last day on which its code can be redeemed.
    package var validUntil: CalendarDay?
    /// Whether it may be given to another unit.
    package var isTransferable: Bool
    /// Its first tokens, at most ``size``.
    package var tokens: [TokenSerial]

    /// Joins the fields.
    package init(
        size: Int,
        number: LicenseNumber? = nil,
        code: RedemptionCode? = nil,
        validUntil: CalendarDay? = nil,
        isTransferable: Bool = true,
        tokens: [TokenSerial] = []
    ) {
        self.size = size
        self.number = number
        self.code = code
        self.validUntil = validUntil
        self.isTransferable = isTransferable
        self.tokens = tokens
    }
}

/// What came of an operation.
package enum OperationOutcome: Sendable, Equatable {
    /// The device as it is now, and the licenses that it owns.
    case device(Device, licenses: [LicenseNumber])
    /// The license as it is now, and its tokens, ascending.
    case license(License, tokens: [TokenSerial])
    /// The token as it is now.
    case token(Token)
    /// What was named is gone.
    case removed
    /// The device that took another's place, the licenses that it owns, those of them that came with this, and the
    /// trials that stayed with the other.
    case replaced(Device, licenses: [LicenseNumber], moved: [LicenseNumber], stayed: [LicenseNumber])
    /// Nothing was changed.
    case refused(OperationRefusal)
}

/// Why an operation changed nothing.
package enum OperationRefusal: Error, Sendable, Equatable {
    /// What the operation names is not there.
    case notFound(RegistrySubject, name: String)
    /// What is there stands against it, as one sentence says.
    case conflict(String)
    /// What was asked makes no sense by itself, as one sentence says.
    case invalid(String)
}

extension OperationRefusal: CustomStringConvertible {
    /// One line for the operator; it never holds a code.
    package var description: String {
        switch self {
        case .notFound(let subject, let name): "no \(subject.rawValue) \(name)"
        case .conflict(let reason), .invalid(let reason): reason
        }
    }
}

/// What a registry has names for.
package enum RegistrySubject: String, Sendable, CaseIterable {
    /// A unit, named by its serial.
    case device
    /// A license, named by its number.
    case license
    /// A token, named by its serial.
    case token
}

/// What came of merging a document.
package enum MergeOutcome: Sendable, Equatable {
    /// It is part of the registry, which holds so much now.
    case merged(RegistryCounts)
    /// Nothing was changed, because of this entry.
    case refused(DocumentError)
}

extension Rules {
    /// Does what an operator asks (docs/design/0011-registry-operations.md).
    ///
    /// As with a client's requests, a refusal is an outcome and changes nothing.
    package func perform(_ operation: RegistryOperation) throws(Failure) -> Ruling<OperationOutcome> {
        switch operation {
        case .addDevice(let device): try addDevice(device)
        case .changeDevice(let serial, let patch): try changeDevice(serial, patch)
        case .removeDevice(let serial): try removeDevice(serial)
        case .replaceDevice(let old, let new): try replaceDevice(old, with: new)
        case .issueLicense(let draft): try issueLicense(draft)
        case .changeLicense(let number, let patch): try changeLicense(number, patch)
        case .removeLicense(let number): try removeLicense(number)
        case .transferLicense(let number, let unit, let seconds):
            try transferLicense(number, to: unit, graceSeconds: seconds)
        case .resetTrial(let number): try resetTrial(number)
        case .lock(let serial): try setLock(true, serial)
        case .unlock(let serial): try setLock(false, serial)
        case .release(let serial): try release(serial)
        case .expire(let serial): try expire(serial)
        }
    }

    /// The ruling of an operation that changes nothing.
    func refuse(_ refusal: OperationRefusal) -> Ruling<OperationOutcome> { Ruling(outcome: .refused(refusal)) }
}
