import IO
import TLSNames

/// Where an engine's bytes come from and go to, and what is known of them.
///
/// An engine is being mutated while OpenSSL calls back, so the callbacks touch this object and never the engine. It
/// belongs to one loop, as its engine does. The bytes of a ClientHello that was read beforehand come first; then those
/// of the socket, or those delivered in memory.
package final class Wire {
    /// What carries the bytes.
    private enum Carrier {
        /// A connected socket, by a borrowed number: whoever made the wire closes it, after the engine is gone.
        case socket(CInt)
        /// Two queues.
        case memory
    }

    /// What became of one attempt to move bytes.
    enum Transfer {
        case moved(Int)
        case wouldBlock
        case end
        case failed
    }

    /// What is done to records on their way out; nil, as on nearly all wires, for nothing.
    var filter: RecordFilter?

    /// Whether what the engine writes while it shakes hands or reads leaves only once its call has come to something,
    /// so that a failure can be told of before its peer learns of it: on a socket, ``takeOutput()`` then has the alert.
    package var holdsAnswers: Bool {
        get { answersWait }
        set { answersWait = newValue }
    }

    private var carrier: Carrier
    private var isHolding = false
    /// How much may be kept back before the wire takes no more.
    private var holdRoom = Int.max
    private var corruptsNextOutput = false
    // One loop has the wire, and a queue calls nobody, so that no access can overlap another.
    @exclusivity(unchecked) private var queues: Queues
    private var outboundRoom = Int.max
    private var inboundEnds = false

    // Behind accessors: what another module reaches directly is checked at every access.
    private var answersWait = false
    private var countIn = 0
    private var countOut = 0
    /// The error number of the last failed socket call, 0 without one.
    package private(set) var lastError: CInt = 0
    /// Whether the peer's direction has ended, by a FIN or by `deliverEnd`.
    package private(set) var isAtEnd = false
    /// The first fatal alert of either end, or until there is one, the latest warning other than close_notify.
    package private(set) var alert: Alert?
    /// Whether the peer has announced the end of its data.
    package private(set) var closeNotifyReceived = false

    /// A wire over a connected stream socket.
    ///
    /// - Parameters:
    ///   - descriptor: The socket, borrowed. It need not be non-blocking: each call asks not to wait.
    ///   - prefix: What has been read from it already, handed to the engine first.
    package init(socket descriptor: CInt, prefix: [UInt8] = []) {
        carrier = .socket(descriptor)
        unsafe queues = Queues(prefix: ByteQueue(prefix))
    }

    /// A wire in memory, fed by `deliver` and emptied by `takeOutput`.
    package init(memoryWith prefix: [UInt8] = []) {
        carrier = .memory
        unsafe queues = Queues(prefix: ByteQueue(prefix))
    }

    /// What was read beforehand, and what waits in either direction.
    private struct Queues {
        var prefix: ByteQueue
        var inbound = ByteQueue()
        var outbound = ByteQueue()
    }

    private var prefix: ByteQueue {
        _read { yield unsafe queues.prefix }
        _modify { yield unsafe &queues.prefix }
    }

    private var inbound: ByteQueue {
        _read { yield unsafe queues.inbound }
        _modify { yield unsafe &queues.inbound }
    }

    private var outbound: ByteQueue {
        _read { yield unsafe queues.outbound }
        _modify { yield unsafe &queues.outbound }
    }

    /// How many bytes the engine has taken from the wire, those read beforehand included.
    package var bytesIn: Int { countIn }

    /// How many bytes the engine has put on the wire.
    package var bytesOut: Int { countOut }

    /// Takes the socket away: from here on its owner delivers what comes and takes what goes.
    package func becomeMemory() {
        carrier = .memory
    }

    /// Flips one bit in the middle of the next bytes that the engine writes, which are a record or several.
    package func corruptNextOutput() {
        corruptsNextOutput = true
    }

    /// How many bytes wait here for the engine; those in a socket are not known.
    package var waiting: Int { prefix.count + inbound.count }

    /// Adds bytes for the engine to read, on a wire in memory.
    package func deliver(_ bytes: Span<UInt8>) {
        inbound.append(bytes)
    }

    /// Ends the peer's direction after what was delivered, on a wire in memory.
    package func deliverEnd() {
        inboundEnds = true
    }

    /// Takes all that the engine has written: on a wire in memory, or what a socket's keeps back (``hold(upTo:)``).
    package func takeOutput() -> [UInt8] {
        outbound.takeAll()
    }

    /// Keeps back what the engine writes, for ``takeOutput()``, on a socket too; once `limit` bytes are reached it
    /// would block.
    package func hold(upTo limit: Int = .max) {
        isHolding = true
        holdRoom = limit
    }

    /// Sends what was kept back, and keeps back nothing more; only `.moved` says that nothing is left.
    ///
    /// What is left goes before whatever is written next.
    func letGo() -> Transfer {
        guard case .socket(let descriptor) = carrier else { return .moved(0) }
        isHolding = false
        while !outbound.isEmpty {
            let sent = unsafe outbound.withUnread { unsafe SystemCall.send(descriptor, from: $0) }
            let outcome = outcome(of: sent)
            guard case .moved(let count) = outcome else { return outcome }
            outbound.drop(count)
        }
        return .moved(0)
    }

    /// Notes that the wire broke outside of the engine.
    func note(failure number: CInt) {
        lastError = number
    }

    /// How many bytes wait for `takeOutput`.
    package var unsent: Int { outbound.count }

    /// Lets so many more bytes be written before writing would block, on a wire in memory; without limit at first.
    package func limitOutput(to count: Int) {
        outboundRoom = count
    }

    // MARK: For the BIO and the message callback

    func receive(into target: UnsafeMutableRawBufferPointer) -> Transfer {
        let outcome = unsafe prefix.isEmpty ? receiveFromCarrier(into: target) : .moved(prefix.take(into: target))
        if case .moved(let count) = outcome { countIn += count }
        if case .end = outcome { isAtEnd = true }
        return outcome
    }

    func send(_ bytes: UnsafeRawBufferPointer) -> Transfer {
        let outcome = unsafe corruptsNextOutput ? sendCorrupt(bytes) : sendToCarrier(bytes)
        if case .moved(let count) = outcome { countOut += count }
        return outcome
    }

    private func sendCorrupt(_ bytes: UnsafeRawBufferPointer) -> Transfer {
        var copy = unsafe [UInt8](bytes)
        let middle = copy.count / 2
        copy[middle] ^= 1
        let outcome = unsafe copy.withUnsafeBytes { unsafe sendToCarrier($0) }
        // Where the socket took less, the bit is still to be flipped in what is given again.
        if case .moved(let count) = outcome, count > middle { corruptsNextOutput = false }
        return outcome
    }

    /// Notes an alert from its two bytes.
    func note(alertLevel: UInt8, code: UInt8, direction: Alert.Direction) {
        let seen = Alert(
            code: AlertCode(rawValue: code),
            isFatal: alertLevel == Alert.fatalLevel,
            direction: direction
        )
        if seen.code == .closeNotify {
            closeNotifyReceived = closeNotifyReceived || direction == .received
        } else if alert?.isFatal != true {
            alert = seen
        }
    }

    private func receiveFromCarrier(into target: UnsafeMutableRawBufferPointer) -> Transfer {
        switch carrier {
        case .memory:
            if inbound.isEmpty { return inboundEnds ? .end : .wouldBlock }
            return unsafe .moved(inbound.take(into: target))
        case .socket(let descriptor):
            return switch unsafe SystemCall.receive(descriptor, into: target) {
            case .done(0): .end
            case let result: outcome(of: result)
            }
        }
    }

    private func sendToCarrier(_ bytes: UnsafeRawBufferPointer) -> Transfer {
        switch carrier {
        case .memory:
            let count = min(bytes.count, outboundRoom)
            guard count > 0 else { return .wouldBlock }
            unsafe outbound.append(Span(_unsafeBytes: UnsafeRawBufferPointer(rebasing: bytes[..<count])))
            outboundRoom -= count
            return .moved(count)
        case .socket where isHolding:
            guard outbound.count < holdRoom else { return .wouldBlock }
            unsafe outbound.append(Span(_unsafeBytes: bytes))
            return .moved(bytes.count)
        case .socket(let descriptor):
            if !outbound.isEmpty {
                let outcome = letGo()
                guard case .moved = outcome else { return outcome }
            }
            return unsafe outcome(of: SystemCall.send(descriptor, from: bytes))
        }
    }

    private func outcome(of result: SystemCall.Result) -> Transfer {
        switch result {
        case .done(let count): return .moved(count)
        case .wouldBlock: return .wouldBlock
        case .failed(let number):
            lastError = number
            return .failed
        }
    }
}

/// Bytes that wait for their reader, for wires in memory.
struct ByteQueue {
    private var bytes: [UInt8]
    private var start = 0

    init(_ bytes: [UInt8] = []) {
        self.bytes = bytes
    }

    var count: Int { bytes.count - start }

    var isEmpty: Bool { start == bytes.count }

    mutating func append(_ more: Span<UInt8>) {
        // In one piece: byte by byte, a handshake's answers took a quarter of what it costs beyond OpenSSL.
        unsafe more.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
    }

    /// Moves as much as fits into `target`; frees the storage with the last byte.
    mutating func take(into target: UnsafeMutableRawBufferPointer) -> Int {
        let moved = min(count, target.count)
        unsafe target.copyBytes(from: bytes[start..<(start + moved)])
        start += moved
        if isEmpty { self = ByteQueue() }
        return moved
    }

    /// Shows what is in it, in its order.
    func withUnread<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        unsafe bytes.withUnsafeBytes { unsafe body(UnsafeRawBufferPointer(rebasing: $0[start...])) }
    }

    /// Forgets the first bytes; frees the storage with the last one.
    mutating func drop(_ count: Int) {
        start += count
        if isEmpty { self = ByteQueue() }
    }

    /// Takes everything out.
    mutating func takeAll() -> [UInt8] {
        defer { self = ByteQueue() }
        return start == 0 ? bytes : Array(bytes[start...])
    }
}
