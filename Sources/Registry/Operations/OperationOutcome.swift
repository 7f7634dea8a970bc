package import Documents
package import SoftToken

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
    /// The device that took another's place, the licenses that it owns, those of them that came with this, and the trials
    /// that stayed with the other.
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
