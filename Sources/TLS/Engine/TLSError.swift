import COpenSSL

/// Why a TLS context could not be made, or why a connection failed.
///
/// Would-block and the end of a stream are results, not errors. Nothing secret is in here: reasons come from OpenSSL's
/// own tables, subjects are written here.
package struct TLSError: Error, Sendable, Equatable {
    /// What was being done.
    package enum Operation: String, Sendable {
        /// Making a context of an identity or of trust anchors.
        case configure
        /// Making the state of one connection.
        case open
        /// The handshake.
        case handshake
        /// Taking decrypted bytes.
        case read
        /// Giving bytes to encrypt.
        case write
    }

    /// Whose doing it was, as far as that can be told.
    package enum Cause: Sendable, Equatable {
        /// The peer sent a fatal alert.
        case alertReceived
        /// This end refused what the peer sent; the alert says what the peer was told.
        case peerRefused
        /// The peer closed its side in the middle of a handshake, with close_notify or without any alert.
        case closedByPeer
        /// The peer, or something on the way, reset the connection.
        case resetByPeer
        /// Another error of the socket, by its number.
        case system(Int32)
        /// A certificate that can't be read or used: its place in the chain, 0 being the leaf.
        case unreadableCertificate(Int)
        /// A private key that can't be read, encrypted ones included.
        case unreadableKey
        /// A private key that isn't the leaf certificate's.
        case mismatchingKey
        /// Trust anchors of which none could be read, or one is broken.
        case unreadableTrustAnchors
        /// A server name that is neither a host name nor an address.
        case serverName
        /// A cipher suite that OpenSSL doesn't have under this name.
        case unknownCipherSuite(String)
        /// A group that OpenSSL doesn't have under this name.
        case unknownGroup(String)
        /// A list of suites or groups without any.
        case nothingListed
        /// This end's output is over, as its record plan has it; the connection can be closed.
        case outputEnded
        /// OpenSSL could not provide something that only fails for want of memory or by a broken installation.
        case library
    }

    /// What was being done.
    package let operation: Operation
    /// Whose doing it was.
    package let cause: Cause
    /// OpenSSL's reasons, the first one raised first, and what its verifier says of the peer's certificate.
    package let reasons: [String]
    /// The alert that went over the wire, if one did.
    package let alert: Alert?

    init(_ operation: Operation, _ cause: Cause, reasons: [String] = [], alert: Alert? = nil) {
        self.operation = operation
        self.cause = cause
        self.reasons = reasons
        self.alert = alert
    }

    /// What OpenSSL refused, with the reasons that it left in its queue.
    static func failed(_ operation: Operation, _ cause: Cause) -> TLSError {
        TLSError(operation, cause, reasons: ErrorQueue.drain())
    }
}

extension TLSError: CustomStringConvertible {
    /// One line for an operator, for example `handshake: the peer sent an alert (fatal unknown_ca received): …`.
    package var description: String {
        var text = "\(operation.rawValue): \(cause)"
        if let alert { text += " (\(alert))" }
        if !reasons.isEmpty { text += ": " + reasons.joined(separator: ", ") }
        return text
    }
}

extension TLSError.Cause: CustomStringConvertible {
    /// A phrase that says who did what.
    package var description: String {
        switch self {
        case .alertReceived: "the peer sent an alert"
        case .peerRefused: "the peer was refused"
        case .closedByPeer: "closed by the peer"
        case .resetByPeer: "reset by the peer"
        case .system(let number): "system error \(number)"
        case .unreadableCertificate(0): "the leaf certificate is unreadable or unusable"
        case .unreadableCertificate(let index): "certificate \(index) of the chain is unreadable or unusable"
        case .unreadableKey: "the private key is unreadable"
        case .mismatchingKey: "the private key does not belong to the leaf certificate"
        case .unreadableTrustAnchors: "the trust anchors are unreadable"
        case .serverName: "the server name is neither a host name nor an address"
        case .unknownCipherSuite(let name): "no cipher suite is named '\(name)'"
        case .unknownGroup(let name): "no group is named '\(name)'"
        case .nothingListed: "the list is empty"
        case .outputEnded: "the record plan has ended the output"
        case .library: "OpenSSL failed"
        }
    }
}

/// OpenSSL's error queue, which belongs to the thread and so to all connections of a loop together.
///
/// It is emptied before each call and drained at the call that failed, with nothing in between.
enum ErrorQueue {
    /// Empties the queue.
    static func clear() {
        // It is empty nearly always, and emptying it goes through all of its places.
        if ERR_peek_error() != 0 { ERR_clear_error() }
    }

    /// Takes all entries, the first one raised first, as OpenSSL's reason strings.
    static func drain() -> [String] {
        var reasons: [String] = []
        while true {
            let code = ERR_get_error()
            guard code != 0 else { return reasons }
            reasons.append(reason(code))
        }
    }

    /// Whether the last entry, left in place, is that of a PEM text without a further block.
    static func endsWithoutBlock() -> Bool {
        let code = ERR_peek_last_error()
        return c_ERR_GET_LIB(code) == ERR_LIB_PEM && c_ERR_GET_REASON(code) == PEM_R_NO_START_LINE
    }

    private static func reason(_ code: UInt) -> String {
        guard let text = unsafe ERR_reason_error_string(code) else {
            return "OpenSSL error \(code)"
        }
        return unsafe String(cString: text)
    }
}
