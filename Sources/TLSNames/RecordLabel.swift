/// What a record of a server's handshake is about.
package enum RecordLabel: String, Sendable, CaseIterable {
    /// The ServerHello, or a HelloRetryRequest, which is one by its type (RFC 8446 section 4.1.4).
    case serverHello
    /// The first message under encryption of TLS 1.3.
    case encryptedExtensions
    /// The server's chain.
    case certificate
    /// The signature of TLS 1.3.
    case certificateVerify
    /// The signed key share of TLS 1.2 and before.
    case serverKeyExchange
    /// The end of the first flight of TLS 1.2 and before.
    case serverHelloDone
    /// A session ticket: before Finished in TLS 1.2, after it and under the keys of data in TLS 1.3.
    case ticket
    /// The end of the server's part of the handshake.
    case finished

    /// The label of a handshake message, by its type (RFC 8446 section B.3, RFC 5246 section 7.4); nil for others.
    package init?(messageType: UInt8) {
        switch messageType {
        case 2: self = .serverHello
        case 4: self = .ticket
        case 8: self = .encryptedExtensions
        case 11: self = .certificate
        case 12: self = .serverKeyExchange
        case 14: self = .serverHelloDone
        case 15: self = .certificateVerify
        case 20: self = .finished
        default: return nil
        }
    }
}

/// What happens to one record that is to leave.
package enum RecordIntervention: Sendable, Equatable {
    /// It and everything after it is kept back for good.
    case stall
    /// So many of its bytes leave, header included, half of them for nil; then nothing more does.
    case truncate(bytes: Int?)
    /// One bit of it is changed: of a sealed record one in the middle, of one in clear one of its message's type.
    case corrupt
    /// A fatal alert leaves instead of it, and nothing after it.
    ///
    /// It is sealed where the record would have been. In TLS 1.2 and before, an alert instead of `finished` leaves
    /// in clear, before ChangeCipherSpec.
    case alert(AlertCode)
}
