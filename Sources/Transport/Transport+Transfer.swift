package import IO
import TLS

/// Reading and writing.
extension Transport {
    /// Reads from the socket what there is, past TLS: what comes before it.
    package func receive(into space: inout MutableSpan<UInt8>) -> SystemCall.Result {
        SystemCall.receive(channel.number, into: &space)
    }

    /// Counts what was read with ``receive(into:)`` and is not given to TLS.
    package func countReceived(_ count: Int) { stream.count(clearIn: count) }

    /// Whether something has been read that nobody has seen yet, so that the socket may stay silent although there is
    /// something.
    package var hasPending: Bool { stream.engine?.hasPending == true }

    /// Reads what there is, decrypted where there is TLS.
    package func read(into space: inout MutableSpan<UInt8>) throws(StreamFailure) -> ByteStream.Arrival {
        try stream.read(into: &space)
    }

    /// Writes as much as is taken without a wait, and returns how much that is.
    ///
    /// What does not go straight to the socket is taken whole, and leaves with ``carry()``.
    package func write(_ bytes: Span<UInt8>) throws(StreamFailure) -> Int {
        var offset = 0
        while offset < bytes.count {
            guard case .bytes(let count) = try stream.write(bytes.extracting(offset..<bytes.count)) else { break }
            offset += count
        }
        return offset
    }

    /// Writes all of it, and waits for room.
    @inline(never)
    package func writeAll(_ bytes: [UInt8]) async throws(TransportError) {
        let deadline = channel.loop.now + writeTimeout
        var offset = 0
        while true {
            do throws(StreamFailure) {
                offset += try write(bytes.span.extracting(offset..<bytes.count))
            } catch {
                throw .failed(error)
            }
            if offset == bytes.count { break }
            try await channel.writable(until: deadline).require("room to write")
        }
        if !isDirect { try await carry() }
    }

    // MARK: The end

    /// Keeps what leaves back from here on, until the connection's end has been told of.
    package func hold() { wire?.hold() }

    /// Says that nothing more will be sent, unless nothing is to be said.
    package func sayGoodbye() {
        if !endsAbruptly { stream.engine?.shutdown() }
    }

    /// Takes out what is still to leave, behind `farewell`, which is said in clear, and counts it as sent.
    package func takeLast(behind farewell: [UInt8]) -> [UInt8] {
        var last = farewell
        let rest = wire?.takeOutput() ?? []
        if let courier, courier.waiting > 0 || endsAbruptly {
            // Behind bytes that never left nothing more can go.
            courier.waiting += rest.count
        } else {
            last += rest
        }
        if let courier, let left = courier.left, last.count > left {
            courier.waiting += farewell.isEmpty ? last.count - left : 0
            last.removeLast(last.count - left)
        }
        if !farewell.isEmpty { stream.count(clearOut: last.count) }
        return last
    }

    /// Sends what ``takeLast(behind:)`` gave, as ordered where it is in clear; a patient one waits for room.
    package func sendLast(_ bytes: [UInt8], isPatient: Bool) async {
        guard let courier, !hasTLS else {
            try? await sendRaw(bytes, 0..<bytes.count, isPatient: isPatient)
            return
        }
        courier.waiting = bytes.count
        try? await carry(bytes, by: courier)
        courier.waiting = 0
    }

    /// Lets TLS go; nothing is read or written through it any more.
    package func endTLS() { stream.engine = nil }
}
