/// How much of each thing a request may carry.
///
/// [our choice: request-limits] No bound is published but those of the appliance's own fields, 256 characters for a
/// registration id and 15 for an OS version; the others are far above every published request.
package enum RequestLimits {
    /// Bytes of a body, the same as the server's limit.
    package static let body = 1_048_576
    /// Bytes of `__version`, `__device_version` and `__device_build`.
    package static let version = 32
    /// Entries of `__clustered_sns`.
    package static let peers = 32
    /// Entries of `tokens`.
    package static let tokens = 1_000
    /// Bytes of a malformed token's text that an answer repeats, and of an unknown `__type` that is reported.
    package static let echo = 64
    /// Bytes of `mobile_id`.
    package static let mobileID = 64
    /// Bytes of `reg_id`.
    package static let registrationID = 256
    /// Bytes of `os_ver`.
    package static let osVersion = 15
}
