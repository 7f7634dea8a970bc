import IO
package import TLS

/// Bytes to and from one peer over a connected socket, in clear or through TLS, at either end.
///
/// It moves what can be moved and never waits, so that a loop and a thread of its own can both stand on it. It belongs
/// to one of them, as its engine does.
package struct ByteStream: ~Copyable {
    /// The socket, non-blocking, borrowed from whoever closes it.
    package let descriptor: CInt
    /// Its TLS, once there is any.
    package var engine: Engine?
    /// Bytes that were read without TLS; the wire counts those with it.
    package private(set) var clearIn: UInt64 = 0
    /// Bytes that were written without TLS.
    package private(set) var clearOut: UInt64 = 0

    /// What one attempt to read came to; in clear, the peer's end is as good as announced.
    package typealias Arrival = Engine.ReadResult

    /// What one attempt to write came to.
    package typealias Departure = Engine.WriteResult

    /// Bytes over a socket, in clear as long as it has no engine.
    package init(over descriptor: CInt) {
        self.descriptor = descriptor
        engine = nil
    }

    /// Reads what is there, decrypted where there is TLS, to the beginning of `space`, which is not empty.
    package mutating func read(into space: inout MutableSpan<UInt8>) throws(StreamFailure) -> Arrival {
        guard engine != nil else { return try readInClear(into: &space) }
        do throws(TLSError) {
            return try engine?.read(into: &space) ?? .wantsRead
        } catch {
            throw .tls(error)
        }
    }

    private mutating func readInClear(into space: inout MutableSpan<UInt8>) throws(StreamFailure) -> Arrival {
        switch SystemCall.receive(descriptor, into: &space) {
        case .done(0): return .closed
        case .done(let count):
            clearIn += UInt64(count)
            return .bytes(count)
        case .wouldBlock: return .wantsRead
        case .failed(let code): throw .system(code, operation: "recv")
        }
    }

    /// Writes as many of `bytes` as one attempt takes, encrypted where there is TLS.
    package mutating func write(_ bytes: Span<UInt8>) throws(StreamFailure) -> Departure {
        guard engine != nil else { return try writeInClear(bytes) }
        do throws(TLSError) {
            return try engine?.write(bytes) ?? .wantsWrite
        } catch {
            throw .tls(error)
        }
    }

    private mutating func writeInClear(_ bytes: Span<UInt8>) throws(StreamFailure) -> Departure {
        switch SystemCall.send(descriptor, bytes) {
        case .done(let count):
            clearOut += UInt64(count)
            return .bytes(count)
        case .wouldBlock: return .wantsWrite
        case .failed(let code): throw .system(code, operation: "send")
        }
    }

    /// Counts bytes that were read, or written, beside the stream: before there was TLS, or behind it.
    package mutating func count(clearIn: Int = 0, clearOut: Int = 0) {
        self.clearIn += UInt64(clearIn)
        self.clearOut += UInt64(clearOut)
    }
}

/// Why nothing more can be read or written.
///
/// Boxed, so that the frames of waiting functions do not hold room for the largest.
package indirect enum StreamFailure: Error {
    /// TLS failed.
    case tls(TLSError)
    /// A read or write of the socket failed with this `errno`.
    case system(CInt, operation: String)
}
