package import TLSNames

/// What is wrong with bytes that began as TLS but are no acceptable ClientHello.
package enum ClientHelloDefect: Error, Sendable, Hashable {
    /// A handshake record without payload, which RFC 8446 section 5.1 forbids.
    case emptyRecord
    /// A record that claims more than the 2^14 bytes that plaintext may have.
    case oversizeRecord
    /// A record of another content type where the hello should start or go on.
    case unexpectedRecord(UInt8)
    /// A handshake message of another type than client_hello.
    case unexpectedMessage(UInt8)
    /// A message over `ClientHelloReader.maximumMessage`.
    case oversizeMessage
    /// A message spread over more than `ClientHelloReader.maximumRecords` records.
    case tooManyRecords
    /// Bytes that follow the hello inside its own last record.
    case trailingBytes
    /// A length that goes beyond, or stops short of, what holds the field.
    case length(ClientHelloField)
    /// A field of the right length with a value that is not allowed.
    case value(ClientHelloField)
    /// An extension type that comes twice (RFC 8446 section 4.2).
    case duplicateExtension(UInt16)
}

/// A part of a ClientHello that a defect can be in.
package enum ClientHelloField: String, Sendable, Hashable {
    /// The `legacy_version`.
    case version
    /// The 32 random bytes.
    case random
    /// The `legacy_session_id`.
    case sessionID = "session id"
    /// The list of cipher suites.
    case cipherSuites = "cipher suites"
    /// The list of compression methods.
    case compressionMethods = "compression methods"
    /// The block of extensions, or the header of one of them.
    case extensions
    /// The extension `server_name`.
    case serverName = "server_name"
    /// The extension `application_layer_protocol_negotiation`.
    case applicationProtocols = "application_layer_protocol_negotiation"
    /// The extension `supported_versions`.
    case supportedVersions = "supported_versions"
    /// The extension `supported_groups`.
    case supportedGroups = "supported_groups"
    /// The extension `signature_algorithms`.
    case signatureAlgorithms = "signature_algorithms"
    /// The extension `ec_point_formats`.
    case pointFormats = "ec_point_formats"
}

extension ClientHelloDefect: CustomStringConvertible {
    /// One phrase for a log line.
    package var description: String {
        switch self {
        case .emptyRecord: "an empty handshake record"
        case .oversizeRecord: "a record over 16384 bytes"
        case .unexpectedRecord(let type): "a record of type \(type) in place of a handshake record"
        case .unexpectedMessage(let type): "handshake message \(type) in place of client_hello"
        case .oversizeMessage: "a ClientHello over \(ClientHelloReader.maximumMessage) bytes"
        case .tooManyRecords: "a ClientHello in more than \(ClientHelloReader.maximumRecords) records"
        case .trailingBytes: "bytes after the ClientHello in its record"
        case .length(let field): "an inconsistent length in \(field.rawValue)"
        case .value(let field): "a value not allowed in \(field.rawValue)"
        case .duplicateExtension(let type): "extension \(type) twice"
        }
    }
}

extension ClientHelloDefect {
    /// The alert that RFC 8446 section 6.2 prescribes for the defect.
    package var alert: AlertCode {
        switch self {
        case .emptyRecord, .unexpectedRecord, .unexpectedMessage, .trailingBytes: .unexpectedMessage
        case .oversizeRecord: .recordOverflow
        case .oversizeMessage, .tooManyRecords, .value, .duplicateExtension: .illegalParameter
        case .length: .decodeError
        }
    }
}
