/// Finds the ClientHello in the first bytes of a connection, or says what they are instead.
///
/// It is shown all bytes received so far, again and again, and remembers which records it has already walked, so that
/// a client sending single bytes costs no more than one sending all at once. Nothing is copied unless the message is
/// spread over several records. After an outcome other than `needsMore` it isn't asked again.
package struct ClientHelloReader: Sendable {
    /// The longest message accepted, in bytes after its header: all that the vectors of RFC 8446 section 4.1.2 can
    /// hold, each as long as it may be.
    ///
    /// The version, the random bytes, a session identifier of 32, 2^16 - 2 of cipher suites, 255 compression methods
    /// and 2^16 - 1 of extensions, with their lengths. OpenSSL takes as much. What clients send stays under 4 KiB.
    package static let maximumMessage = 2 + 32 + (1 + 32) + (2 + 65_534) + (1 + 255) + (2 + 65_535)
    /// The most records one message may be spread over.
    ///
    /// RFC 8446 section 5.1 sets no bound. Clients that split at all use two or three; a usual hello with post-quantum
    /// key shares that comes in records of one byte each has less than half of these, and their headers take 20 KiB.
    package static let maximumRecords = 4096
    /// The most bytes that can come before an outcome: a buffer of this size never has to grow.
    package static let maximumBytes =
        messageHeaderSize + maximumMessage + maximumRecords * recordHeaderSize

    /// What the bytes so far amount to.
    package enum Outcome: Sendable, Equatable {
        /// The beginning of something; show more.
        case needsMore
        /// A whole, well-formed hello.
        case hello(ClientHello)
        /// Another protocol.
        case notTLS(ForeignProtocol)
        /// TLS, but not an acceptable ClientHello.
        case malformed(ClientHelloDefect)
    }

    static let recordHeaderSize = 5
    static let messageHeaderSize = 4
    private static let maximumRecord = 16_384
    private static let clientHello: UInt8 = 1

    private var nextRecord = 0
    private var recordCount = 0
    private var payloadSize = 0
    /// How many bytes the message has with its header, once the walked records hold that.
    private var expected: Int?

    /// A reader for a new connection.
    package init() {}

    /// Judges what has been received.
    ///
    /// - Parameter received: All bytes from the connection's first on, never fewer than the last time.
    /// - Returns: The hello, what else the bytes are, or that more of them are needed.
    package mutating func examine(_ received: Span<UInt8>) -> Outcome {
        guard !received.isEmpty else { return .needsMore }
        do throws(ClientHelloDefect) {
            if recordCount == 0, let outcome = try Self.judgeOpening(received) { return outcome }
            while try walkRecord(received) {
                if payloadSize == expected { return .hello(try parse(received)) }
            }
            return .needsMore
        } catch {
            return .malformed(error)
        }
    }

    /// Tells TLS from everything else by the first two bytes.
    ///
    /// Returns nil where the records decide.
    private static func judgeOpening(_ received: Span<UInt8>) throws(ClientHelloDefect) -> Outcome? {
        let type = received[0]
        guard (20...24).contains(type) else {
            return ForeignProtocol.recognised(in: received).map(Outcome.notTLS) ?? .needsMore
        }
        guard received.count > 1 else { return .needsMore }
        // Major version 3 is all of SSL 3.0 to TLS 1.3; the minor one is not to be judged (RFC 8446 section 5.1).
        guard received[1] == 3 else { return .notTLS(.unknown) }
        guard type == ContentType.handshake else { throw .unexpectedRecord(type) }
        return nil
    }

    /// Takes the next record into account once all of it is there, and returns whether it was.
    ///
    /// Headers are judged as soon as they are complete, so that nobody waits for a record that will be refused.
    private mutating func walkRecord(_ received: Span<UInt8>) throws(ClientHelloDefect) -> Bool {
        let payload = nextRecord + Self.recordHeaderSize
        guard received.count >= payload else { return false }
        guard received[nextRecord] == ContentType.handshake, received[nextRecord + 1] == 3 else {
            throw .unexpectedRecord(received[nextRecord])
        }
        guard recordCount < Self.maximumRecords else { throw .tooManyRecords }
        let size = Self.payloadSize(received, at: nextRecord)
        guard size > 0 else { throw .emptyRecord }
        guard size <= Self.maximumRecord else { throw .oversizeRecord }
        if let expected, payloadSize + size > expected { throw .trailingBytes }
        if payloadSize == 0, received.count > payload, received[payload] != Self.clientHello {
            throw .unexpectedMessage(received[payload])
        }
        guard received.count - payload >= size else { return false }
        recordCount += 1
        payloadSize += size
        nextRecord = payload + size
        if expected == nil, payloadSize >= Self.messageHeaderSize {
            let size = (1...3).reduce(0) { $0 << 8 | payloadByte($1, received) }
            guard size <= Self.maximumMessage else { throw .oversizeMessage }
            expected = Self.messageHeaderSize + size
        }
        if let expected, payloadSize > expected { throw .trailingBytes }
        return true
    }

    private static func payloadSize(_ received: Span<UInt8>, at record: Int) -> Int {
        Int(received[record + 3]) << 8 | Int(received[record + 4])
    }

    /// One byte of what the walked records hold, by its place; the message's header may be spread over several, too.
    private func payloadByte(_ place: Int, _ received: Span<UInt8>) -> Int {
        var (record, rest) = (0, place)
        while case let size = Self.payloadSize(received, at: record), rest >= size {
            record += Self.recordHeaderSize + size
            rest -= size
        }
        return Int(received[record + Self.recordHeaderSize + rest])
    }

    private func parse(_ received: Span<UInt8>) throws(ClientHelloDefect) -> ClientHello {
        var hello: ClientHello
        if recordCount == 1 {
            let body = received.extracting((Self.recordHeaderSize + Self.messageHeaderSize)..<nextRecord)
            hello = try ClientHello(body: body)
        } else {
            let message = joinedPayloads(received)
            hello = try ClientHello(body: message.span.extracting(Self.messageHeaderSize..<message.count))
        }
        hello.recordBytes = nextRecord
        hello.recordCount = recordCount
        return hello
    }

    private func joinedPayloads(_ received: Span<UInt8>) -> [UInt8] {
        [UInt8](capacity: payloadSize) { message in
            var record = 0
            while record < nextRecord {
                let payload = record + Self.recordHeaderSize
                record = payload + Self.payloadSize(received, at: record)
                for offset in payload..<record { message.append(received[offset]) }
            }
        }
    }
}
