/// What a client said about itself in its first TLS message (RFC 8446 section 4.1.2, RFC 5246 section 7.4.1.2).
///
/// Every list keeps the client's order and its GREASE values (RFC 8701), because fingerprints are made of both.
package struct ClientHello: Sendable, Equatable {
    /// How many of the received bytes the hello takes, record headers included; they start at the first byte.
    package var recordBytes = 0
    /// How many records the message was spread over; ordinary clients use one.
    package var recordCount = 0
    /// The `legacy_version` field, 0x0303 for any client of TLS 1.2 or later.
    package var legacyVersion: UInt16 = 0
    /// The length of the session identifier, 0 to 32.
    package var sessionIDLength = 0
    /// The cipher suites on offer.
    package var cipherSuites: [UInt16] = []
    /// The types of all extensions, known to us or not.
    package var extensions: [UInt16] = []
    /// The host name asked for (RFC 6066 section 3) in lower case and printable ASCII, nil where none is named.
    package var serverName: String?
    /// The protocol names of ALPN (RFC 7301), byte strings that need not be text; empty without the extension.
    package var applicationProtocols: [[UInt8]] = []
    /// The versions of `supported_versions`; empty where the client is older than TLS 1.3.
    package var supportedVersions: [UInt16] = []
    /// The groups of `supported_groups`.
    package var supportedGroups: [UInt16] = []
    /// The schemes of `signature_algorithms`.
    package var signatureAlgorithms: [UInt16] = []
    /// The formats of `ec_point_formats` (RFC 8422 section 5.1.2).
    package var pointFormats: [UInt8] = []
    /// Whether a TLS 1.2 session ticket comes with the hello (RFC 5077), rather than an empty wish for one.
    package var presentsSessionTicket = false
    /// Whether a pre-shared key is offered, which is how TLS 1.3 resumes.
    package var offersPreSharedKey = false
}
