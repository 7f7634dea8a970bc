import COpenSSL
import Glibc

extension Engine {
    /// How far a handshake has come.
    package enum HandshakeProgress: Sendable, Equatable {
        /// It is complete.
        case done
        /// The wire has nothing to read.
        case wantsRead
        /// The wire takes nothing more.
        case wantsWrite
    }

    /// What a read gave.
    package enum ReadResult: Sendable, Equatable {
        /// So many bytes, at least one, at the beginning of the target.
        case bytes(Int)
        /// Nothing until the wire has more to read, whatever `hasPending` says.
        case wantsRead
        /// Nothing until the wire can be written, because an answer of the protocol itself has to leave first.
        case wantsWrite
        /// The peer has announced the end of its data (close_notify).
        case closed
        /// The wire ended without that announcement, so that something may be missing.
        case truncated
    }

    /// What became of a write.
    package enum WriteResult: Sendable, Equatable {
        /// So many of the bytes were taken, from the first on, and are on the wire.
        case bytes(Int)
        /// Nothing until the wire has more to read.
        case wantsRead
        /// Nothing until the wire can be written; then the same bytes, or more that begin with them, have to be given.
        case wantsWrite
    }

    /// Takes the handshake as far as the wire allows.
    ///
    /// With a record plan (``HandshakeOptions/records``), ``Wire/held`` is to be asked whenever this returns, first:
    ///
    /// - `.next`: wait the plan's gap, call ``Wire/release()`` once, and call this again.
    /// - `.stalled`: after `wantsRead` wait for the peer as usual, so that its alert or its leaving is seen; after
    ///   `wantsWrite` there is nothing to wait for but the time at which the connection shall be given up.
    /// - nil: wait as the result says.
    ///
    /// It is never `done` while something is held, and once the output has ended this throws `outputEnded`.
    ///
    /// - Throws: `TLSError` with the alert and its direction where one went over the wire; a peer that vanished is
    ///   `closedByPeer` or `resetByPeer`.
    package mutating func handshake() throws(TLSError) -> HandshakeProgress {
        guard wire.holdsAnswers else { return try advance() }
        wire.hold()
        let progress = try advance()
        switch wire.letGo() {
        case .moved: return progress
        case .wouldBlock: return .wantsWrite
        case .end, .failed:
            hearOut()
            throw failure(.handshake)
        }
    }

    private mutating func advance() throws(TLSError) -> HandshakeProgress {
        guard let filter = variation?.filter else { return try shakeHands() }
        return try shakeHands(through: filter)
    }

    mutating func shakeHands() throws(TLSError) -> HandshakeProgress {
        ErrorQueue.clear()
        let answer = unsafe SSL_do_handshake(ssl)
        if answer == 1 { return .done }
        switch unsafe SSL_get_error(ssl, answer) {
        case SSL_ERROR_WANT_READ: return .wantsRead
        case SSL_ERROR_WANT_WRITE: return .wantsWrite
        default: throw failure(.handshake)
        }
    }

    /// Takes decrypted bytes, at most those of one record, to the beginning of `target`, which is not empty.
    ///
    /// Throws if the peer breaks the protocol, sends a fatal alert or resets the connection.
    package mutating func read(into target: inout MutableSpan<UInt8>) throws(TLSError) -> ReadResult {
        guard wire.holdsAnswers else { return try decrypt(into: &target) }
        // A peer that asks for answers again and again, and reads none, is one that nothing can be written to.
        wire.hold(upTo: Self.longestAnswers)
        let result = try decrypt(into: &target)
        guard case .wouldBlock = wire.letGo(), result == .wantsRead else { return result }
        return .wantsWrite
    }

    /// How many bytes of answers of the protocol itself, such as to a request for new keys, one read keeps back at
    /// most.
    private static var longestAnswers: Int { 4 * 1024 }

    private mutating func decrypt(into target: inout MutableSpan<UInt8>) throws(TLSError) -> ReadResult {
        var count = 0
        ErrorQueue.clear()
        let answer = unsafe target.withUnsafeMutableBytes { buffer in
            unsafe SSL_read_ex(ssl, buffer.baseAddress, buffer.count, &count)
        }
        if answer == 1 { return .bytes(count) }
        switch unsafe SSL_get_error(ssl, answer) {
        case SSL_ERROR_WANT_READ: return .wantsRead
        case SSL_ERROR_WANT_WRITE: return .wantsWrite
        case SSL_ERROR_ZERO_RETURN: return wire.closeNotifyReceived ? .closed : .truncated
        default: throw failure(.read)
        }
    }

    /// Encrypts bytes and puts them on the wire, at most those of one record; they are copied nowhere but into that.
    ///
    /// Throws if the wire is broken.
    package mutating func write(_ bytes: Span<UInt8>) throws(TLSError) -> WriteResult {
        guard !bytes.isEmpty else { return .bytes(0) }
        var count = 0
        ErrorQueue.clear()
        let answer = unsafe bytes.withUnsafeBytes { buffer in
            unsafe SSL_write_ex(ssl, buffer.baseAddress, buffer.count, &count)
        }
        if answer == 1 { return .bytes(count) }
        switch unsafe SSL_get_error(ssl, answer) {
        case SSL_ERROR_WANT_READ: return .wantsRead
        case SSL_ERROR_WANT_WRITE: return .wantsWrite
        default:
            hearOut()
            throw failure(.write)
        }
    }

    /// Why the peer left where sending failed with this error number outside of the engine, or where nobody read what
    /// it sent: the fatal alert that it had sent before; nil where it said nothing.
    package mutating func lastWord(behind number: CInt) -> TLSError? {
        guard !hasFailed else { return nil }
        wire.note(failure: number)
        hearOut()
        guard let alert = wire.alert, alert.isFatal, alert.direction == .received else { return nil }
        return unsafe failure(SSL_is_init_finished(ssl) == 1 ? .write : .handshake)
    }

    /// Reads what the peer had sent before it went away.
    ///
    /// A client that refuses a certificate says so and closes; where it had not read everything its system then resets
    /// the connection, and what is sent afterwards fails, although the alert lies in the socket still: Linux keeps what
    /// had come.
    private mutating func hearOut() {
        let number = wire.lastError
        guard wire.alert?.isFatal != true, [ECONNRESET, EPIPE].contains(number) else { return }
        wire.hold()
        defer { wire.note(failure: number) }
        var scratch = [UInt8](repeating: 0, count: Self.scratchBytes)
        for _ in 0..<Self.longestHearing {
            var count = 0
            ErrorQueue.clear()
            let answer = unsafe scratch.withUnsafeMutableBytes { buffer in
                unsafe SSL_read_ex(ssl, buffer.baseAddress, buffer.count, &count)
            }
            guard answer == 1 else { break }
        }
        // Where there was no alert the error is the wire's.
        if wire.alert?.isFatal != true { ErrorQueue.clear() }
    }

    /// One record's text.
    private static var scratchBytes: Int { 16 * 1024 }
    /// How many records are read in the hope of an alert.
    private static var longestHearing: Int { 64 }

    /// Announces the end of this end's data, as far as the wire takes it; once is enough, and it never fails.
    ///
    /// The peer's own announcement is not waited for. Nothing is sent during a handshake or after an error.
    package mutating func shutdown() {
        guard !hasFailed else { return }
        ErrorQueue.clear()
        _ = unsafe SSL_shutdown(ssl)
        ErrorQueue.clear()
    }

    /// Whether bytes have been taken from the socket, or wait on the wire, that no read has shown yet.
    ///
    /// The socket may stay silent although there is something to read; so this is to be asked before waiting, unless
    /// the last read said `wantsRead`: what is left then is part of a record.
    package var hasPending: Bool {
        // Mutating, since an owner's stored engine is lent to one that is not by a coroutine, whose frame is an
        // allocation.
        mutating get { unsafe SSL_has_pending(ssl) == 1 || wire.waiting > 0 }
    }

    mutating func failure(_ operation: TLSError.Operation) -> TLSError {
        var reasons = ErrorQueue.drain()
        wire.releaseAll()
        let isProtocolError = !reasons.isEmpty
        hasFailed = true
        let verification = unsafe SSL_get_verify_result(ssl)
        if verification != CLong(X509_V_OK), let text = unsafe X509_verify_cert_error_string(verification) {
            unsafe reasons.append("\(String(cString: text)) (verify error \(verification))")
        }
        return TLSError(operation, cause(isProtocolError: isProtocolError), reasons: reasons, alert: wire.alert)
    }

    /// An alert that ended things says more than the state of the socket, which a peer tears down right afterwards.
    private func cause(isProtocolError: Bool) -> TLSError.Cause {
        if let alert = wire.alert, alert.isFatal || isProtocolError {
            return alert.direction == .received ? .alertReceived : .peerRefused
        }
        switch wire.lastError {
        case 0: return wire.isAtEnd || wire.closeNotifyReceived ? .closedByPeer : .peerRefused
        case ECONNRESET, EPIPE: return .resetByPeer
        default: return .system(wire.lastError)
        }
    }
}
