package import SoftToken

/// What came of an operator's operation.
package enum OperationOutcome: Sendable, Equatable {
    /// A device as it is now.
    case device(Device)
    /// A license as it is now; the tokens are those that were just made with it.
    case license(License, tokens: [TokenSerial])
    /// A token as it is now.
    case token(Token)
    /// The licenses that went to another unit, by number.
    case moved([LicenseNumber])
    /// What was meant is gone.
    case removed
    /// Nothing was done, for this reason.
    case refused(OperationRefusal)
}

/// Why an operation was refused.
package struct OperationRefusal: Sendable, Equatable {
    /// What kind of reason it is.
    package enum Kind: Sendable, Equatable {
        /// What is to be changed is not there.
        case notFound
        /// What is there does not allow it.
        case conflict
        /// What was given can't be used.
        case invalid
    }

    /// A kind of thing that has names.
    package enum Space: Sendable, Equatable {
        /// Devices, by serial.
        case devices
        /// Licenses, by number.
        case licenses
        /// Tokens, by serial.
        case tokens
    }

    /// What kind of reason it is.
    package let kind: Kind
    /// The reason in one sentence, without any secret.
    package let reason: String
    /// The name that was not found.
    package let subject: String?
    /// Among what it was looked for.
    package let space: Space

    static func noDevice(_ serial: Serial) -> OperationRefusal {
        OperationRefusal(kind: .notFound, reason: "no device \(serial)", subject: "\(serial)", space: .devices)
    }

    static func noLicense(_ number: LicenseNumber) -> OperationRefusal {
        OperationRefusal(kind: .notFound, reason: "no license \(number)", subject: "\(number)", space: .licenses)
    }

    static func noToken(_ serial: TokenSerial) -> OperationRefusal {
        OperationRefusal(kind: .notFound, reason: "no token \(serial)", subject: "\(serial)", space: .tokens)
    }

    static func conflict(_ reason: String) -> OperationRefusal {
        OperationRefusal(kind: .conflict, reason: reason, subject: nil, space: .devices)
    }

    static func invalid(_ reason: String) -> OperationRefusal {
        OperationRefusal(kind: .invalid, reason: reason, subject: nil, space: .devices)
    }
}
