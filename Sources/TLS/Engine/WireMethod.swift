import COpenSSL

/// The BIO through which OpenSSL reaches a `Wire`.
///
/// Its data pointer is the wire, not retained: the engine owns both, and frees the BIO with its `SSL` first.
enum WireMethod {
    // Made once and never changed or freed, so that every loop may use them.
    private nonisolated(unsafe) static let plain = unsafe make { bio, target, capacity, count in
        let room = unsafe UnsafeMutableRawBufferPointer(start: target, count: capacity)
        return unsafe move(bio, count, retry: BIO_FLAGS_READ) { wire in unsafe wire.receive(into: room) }
    } write: { bio, bytes, size, count in
        let source = unsafe UnsafeRawBufferPointer(start: bytes, count: size)
        return unsafe move(bio, count, retry: BIO_FLAGS_WRITE) { wire in unsafe wire.send(source) }
    } control: { bio, command, _, _ in
        unsafe control(bio, command)
    }

    /// For wires with a filter, so that the others need not look for one.
    private nonisolated(unsafe) static let filtered = unsafe make { bio, target, capacity, count in
        let room = unsafe UnsafeMutableRawBufferPointer(start: target, count: capacity)
        return unsafe move(bio, count, retry: BIO_FLAGS_READ) { wire in unsafe wire.receiveFiltered(into: room) }
    } write: { bio, bytes, size, count in
        let source = unsafe UnsafeRawBufferPointer(start: bytes, count: size)
        return unsafe move(bio, count, retry: BIO_FLAGS_WRITE) { wire in unsafe wire.sendFiltered(source) }
    } control: { bio, command, _, _ in
        // The end of a flight may have to be tried again.
        guard command == BIO_CTRL_FLUSH else { return unsafe control(bio, command) }
        return unsafe CLong(move(bio, nil, retry: BIO_FLAGS_WRITE) { wire in wire.flush() })
    }

    private typealias Read =
        @convention(c) (OpaquePointer?, UnsafeMutablePointer<CChar>?, Int, UnsafeMutablePointer<Int>?) -> CInt
    private typealias Write =
        @convention(c) (OpaquePointer?, UnsafePointer<CChar>?, Int, UnsafeMutablePointer<Int>?) -> CInt
    private typealias Control = @convention(c) (OpaquePointer?, CInt, CLong, UnsafeMutableRawPointer?) -> CLong

    private static func make(read: Read, write: Write, control: Control) -> OpaquePointer {
        let type = BIO_get_new_index() | BIO_TYPE_SOURCE_SINK
        guard let method = unsafe BIO_meth_new(type, "wire") else {
            fatalError("OpenSSL has no memory for a BIO method")
        }
        unsafe BIO_meth_set_read_ex(method, read)
        unsafe BIO_meth_set_write_ex(method, write)
        unsafe BIO_meth_set_ctrl(method, control)
        return unsafe method
    }

    /// A BIO on a wire that has to outlive it, or nil for want of memory.
    static func makeBIO(on wire: Wire) -> OpaquePointer? {
        guard let bio = unsafe BIO_new(wire.filter == nil ? plain : filtered) else { return nil }
        unsafe BIO_set_data(bio, Unmanaged.passUnretained(wire).toOpaque())
        unsafe BIO_set_init(bio, 1)
        return unsafe bio
    }

    private static func wire(of bio: OpaquePointer?) -> Wire? {
        guard let data = unsafe BIO_get_data(bio) else { return nil }
        return unsafe Unmanaged<Wire>.fromOpaque(data).takeUnretainedValue()
    }

    private static let retryFlags =
        BIO_FLAGS_READ | BIO_FLAGS_WRITE | BIO_FLAGS_IO_SPECIAL | BIO_FLAGS_SHOULD_RETRY

    /// Lets the wire move bytes, and says in the BIO's words what came of it.
    @inline(__always)
    private static func move(
        _ bio: OpaquePointer?,
        _ count: UnsafeMutablePointer<Int>?,
        retry: CInt,
        _ transfer: (Wire) -> Wire.Transfer
    ) -> CInt {
        guard let wire = unsafe wire(of: bio) else { return -1 }
        unsafe BIO_clear_flags(bio, retryFlags)
        unsafe count?.pointee = 0
        switch transfer(wire) {
        case .moved(let moved):
            unsafe count?.pointee = moved
            return 1
        case .wouldBlock:
            unsafe BIO_set_flags(bio, retry | BIO_FLAGS_SHOULD_RETRY)
            return -1
        case .end: return 0
        case .failed: return -1
        }
    }

    /// Answers a question that OpenSSL has for a BIO; all but these (kernel TLS, push and pop), a dozen for every
    /// record, are answered by "not here".
    @inline(__always)
    private static func control(_ bio: OpaquePointer?, _ command: CInt) -> CLong {
        // The end of a flight; nothing is held back.
        if command == BIO_CTRL_FLUSH { return 1 }
        guard command == BIO_CTRL_EOF || command == BIO_CTRL_PENDING else { return 0 }
        return unsafe state(of: bio, command == BIO_CTRL_EOF)
    }

    @inline(never)
    private static func state(of bio: OpaquePointer?, _ asksForEnd: Bool) -> CLong {
        guard let wire = unsafe wire(of: bio) else { return 0 }
        return asksForEnd ? (wire.isAtEnd ? 1 : 0) : wire.waiting
    }
}
