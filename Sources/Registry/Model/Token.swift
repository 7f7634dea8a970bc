package import SoftToken

/// A mobile token: which license it belongs to, and what was lodged for it.
///
/// Its state is never stored: it follows from these facts and the time, see ``state(at:)``.
package struct Token: Sendable, Equatable {
    /// The serial.
    package var serial: TokenSerial
    /// The license whose token it is, for good: a license moves with all of its tokens.
    package var license: LicenseNumber
    /// What the appliance lodged last; nil for a token that is free.
    ///
    /// A fact as it is stored, and after a transfer one that may have lapsed: who wants to know what counts asks
    /// ``lodged(at:)``.
    package var provisioning: Provisioning?
    /// Whether the operator locked it.
    package var isLocked: Bool

    /// What an appliance lodged for a token, and the code that it got for it.
    package struct Provisioning: Sendable, Equatable {
        /// The token's secret.
        package var seed: Seed
        /// How passwords are made from it.
        package var parameters: TokenParameters
        /// What the phone redeems; its claim is unique in the registry.
        package var code: ActivationCode
        /// The end of the code, in seconds since 1970 by the lab's clock; at that second it has run out.
        package var codeExpires: Int64
        /// The phone that redeemed the code.
        package var phone: Phone?
        /// When all of this stops counting and the token is available again; nil where it stays.
        ///
        /// It is the end of a transfer's grace, for what the former owner lodged, in seconds since 1970 by the lab's
        /// clock.
        package var lapses: Int64?

        /// Joins the fields.
        package init(
            seed: Seed,
            parameters: TokenParameters,
            code: ActivationCode,
            codeExpires: Int64,
            phone: Phone? = nil,
            lapses: Int64? = nil
        ) {
            self.seed = seed
            self.parameters = parameters
            self.code = code
            self.codeExpires = codeExpires
            self.phone = phone
            self.lapses = lapses
        }
    }

    /// A phone that holds a token.
    package struct Phone: Sendable, Equatable {
        /// `mobile_id`, 1 to 64 bytes.
        package var mobileID: String
        /// `reg_id`, at most 256 bytes.
        package var registrationID: String?
        /// `os_ver`, at most 15 bytes.
        package var osVersion: String?

        /// Joins the fields.
        package init(mobileID: String, registrationID: String? = nil, osVersion: String? = nil) {
            self.mobileID = mobileID
            self.registrationID = registrationID
            self.osVersion = osVersion
        }
    }

    /// A token with these facts; without them it is available.
    package init(
        serial: TokenSerial,
        license: LicenseNumber,
        provisioning: Provisioning? = nil,
        isLocked: Bool = false
    ) {
        self.serial = serial
        self.license = license
        self.provisioning = provisioning
        self.isLocked = isLocked
    }

    /// What is lodged for the token at `now`, in seconds since 1970 by the lab's clock; nil where nothing is, or where
    /// it has lapsed.
    ///
    /// Every rule and every answer reads through this, so no job has to end what a transfer leaves behind.
    package func lodged(at now: Int64) -> Provisioning? {
        guard let provisioning, provisioning.lapses.map({ now < $0 }) ?? true else { return nil }
        return provisioning
    }

    /// Where the token stands at `now`, in seconds since 1970 by the lab's clock.
    package func state(at now: Int64) -> TokenState {
        guard !isLocked else { return .locked }
        guard let provisioning = lodged(at: now) else { return .available }
        guard provisioning.phone == nil else { return .provisioned }
        return now < provisioning.codeExpires ? .pending : .expired
    }
}
