package import Notation
package import SoftToken

/// A license: its tokens, the code that activates it and the units that it is bound to.
///
/// ``owner`` and ``cluster`` are the binding; a license without an owner was never activated.
package struct License: Sendable, Equatable {
    /// The number.
    package var number: LicenseNumber
    /// The code that activates it; a trial has none.
    package var code: RedemptionCode?
    /// How many tokens it has.
    package var size: Int
    /// The last day, in UTC, on which a code that was never used can be redeemed; nil for a trial, and where there is
    /// no such day.
    package var validUntil: CalendarDay?
    /// The unit it is bound to; nil before the first activation.
    package var owner: Serial?
    /// The units it was bound with, the owner among them, in the order in which they joined; empty before the first
    /// activation.
    package var cluster: [Serial]
    /// Whether the operator withdrew the license: its code redeems nothing any more.
    ///
    /// Tokens handed out keep working.
    package var isRevoked = false
    /// When it was first activated, in seconds since 1970 by the lab's clock, where that is known.
    package var activatedAt: Int64?
    /// The former owner, after a transfer that lets it go on for a while.
    package var grace: Grace?
    /// Whether this is a trial that its unit must import again before its tokens work.
    package var isStale = false
    /// Whether the operator may give it to another unit; a replacement of its unit moves it all the same.
    package var isTransferable = true

    /// What a transfer leaves to the former owner.
    package struct Grace: Sendable, Equatable {
        /// The unit that owned the license.
        package var unit: Serial
        /// The end, in seconds since 1970 by the lab's clock; at that second the former owner is no longer covered.
        package var until: Int64

        /// Joins the fields.
        package init(unit: Serial, until: Int64) {
            self.unit = unit
            self.until = until
        }
    }

    /// A license that was never activated, or, with an owner, one that is bound to it alone.
    package init(
        number: LicenseNumber,
        code: RedemptionCode? = nil,
        size: Int,
        validUntil: CalendarDay? = nil,
        owner: Serial? = nil
    ) {
        self.number = number
        self.code = code
        self.size = size
        self.validUntil = validUntil
        self.owner = owner
        cluster = owner.map { [$0] } ?? []
    }

    /// How many tokens a trial has (docs/protocol.md section 5).
    package static let trialSize = 2

    /// The sizes that a license may have; the largest leaves room for a fleet.
    package static let sizes = 1...100_000

    /// How many tokens the licenses of one registry may have together.
    package static let tokenLimit = 1_000_000
}

/// A unit with a serial number, a FortiGate or a FortiAuthenticator.
package struct Device: Sendable, Equatable {
    /// Its serial.
    package var serial: Serial
    /// Whether its owner has registered it; an unregistered unit is refused.
    package var isRegistered: Bool
    /// What kind of unit it is, for people; no rule reads it.
    package var model: String?

    /// Joins the fields.
    package init(serial: Serial, isRegistered: Bool, model: String? = nil) {
        self.serial = serial
        self.isRegistered = isRegistered
        self.model = model
    }
}

/// How much a registry holds.
package struct RegistryCounts: Sendable, Equatable {
    /// Devices.
    package var devices: Int
    /// Licenses, trials among them.
    package var licenses: Int
    /// Tokens.
    package var tokens: Int

    /// Joins the counts.
    package init(devices: Int = 0, licenses: Int = 0, tokens: Int = 0) {
        self.devices = devices
        self.licenses = licenses
        self.tokens = tokens
    }

    /// Adds what another one counts.
    package mutating func add(_ other: RegistryCounts) {
        devices += other.devices
        licenses += other.licenses
        tokens += other.tokens
    }

    /// What these changes make of an empty registry.
    package init(inserting changes: [Change]) {
        self.init()
        for change in changes {
            switch change {
            case .insertDevice: devices += 1
            case .insertLicense: licenses += 1
            case .insertToken: tokens += 1
            default: break
            }
        }
    }
}
