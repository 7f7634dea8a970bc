/// How much of each thing a request may carry.
///
/// [our choice: request-limits] No bound is published but those of the appliance's own fields, 256 characters for a
/// registration id and 15 for an OS version; the others are far above every published request.
package enum MessageLimits {
    /// Bytes of a body, the server's limit unless that was turned.
    package static let body = 1_048_576
    /// Bytes of `__version`, `__device_version` and `__device_build`.
    package static let version = 32
    /// Entries of `__clustered_sns`.
    package static let peers = 32
    /// Entries of `tokens`: as many well-formed ones as ``body`` has room for, so that no unit has more tokens than it may
    /// ask for at once.
    ///
    /// Licenses of ten thousand tokens are sold, and a unit polls all of them in one request. What the bound keeps off is
    /// a body of two-byte entries, each of which would be answered by a whole object.
    package static let tokens = tokens(in: body)

    /// The bound of ``tokens`` for a body of this limit, where that was raised.
    static func tokens(in body: Int) -> Int { max(Self.body, body) / shortestEntry }

    /// Bytes of `{"token":"FTKMOB0123456789"}` and the comma behind it.
    private static let shortestEntry = 29
    /// Bytes of a malformed token's text that an answer repeats, and of an unknown `__type` that is reported.
    package static let echo = 64
    /// Bytes of `mobile_id`.
    package static let mobileID = 64
    /// Bytes of `reg_id`.
    package static let registrationID = 256
    /// Bytes of `os_ver`.
    package static let osVersion = 15
}
