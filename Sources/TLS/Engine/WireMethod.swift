import COpenSSL

/// The BIO through which OpenSSL reaches a `Wire`.
///
/// Its data pointer is the wire, not retained: the engine owns both, and frees the BIO with its `SSL` first.
enum WireMethod {
    // Made once and never changed or freed, so that every loop may use them.
    private nonisolated(unsafe) static let plain = unsafe make { bio, target, capacity, count in
        unsafe WireMethod.read(bio, target, capacity, count)
    } write: { bio, bytes, size, count in
        unsafe WireMethod.write(bio, bytes, size, count)
    } control: { bio, command, _, _ in
        unsafe WireMethod.control(bio, command)
    }

    /// For wires with a filter, so that the others need not look for one.
    private nonisolated(unsafe) static let filtered = unsafe make { bio, target, capacity, count in
        unsafe WireMethod.readFiltered(bio, target, capacity, count)
    } write: { bio, bytes, size, count in
        unsafe WireMethod.writeFiltered(bio, bytes, size, count)
    } control: { bio, command, _, _ in
        unsafe command == BIO_CTRL_FLUSH ? WireMethod.flush(bio) : WireMethod.control(bio, command)
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

    private static func read(
        _ bio: OpaquePointer?,
        _ target: UnsafeMutablePointer<CChar>?,
        _ capacity: Int,
        _ count: UnsafeMutablePointer<Int>?
    ) -> CInt {
        guard let wire = unsafe wire(of: bio) else { return -1 }
        unsafe BIO_clear_flags(bio, retryFlags)
        let room = unsafe UnsafeMutableRawBufferPointer(start: target, count: capacity)
        return unsafe answer(wire.receive(into: room), bio, count, retry: BIO_FLAGS_READ)
    }

    private static func write(
        _ bio: OpaquePointer?,
        _ bytes: UnsafePointer<CChar>?,
        _ size: Int,
        _ count: UnsafeMutablePointer<Int>?
    ) -> CInt {
        guard let wire = unsafe wire(of: bio) else { return -1 }
        unsafe BIO_clear_flags(bio, retryFlags)
        let source = unsafe UnsafeRawBufferPointer(start: bytes, count: size)
        return unsafe answer(wire.send(source), bio, count, retry: BIO_FLAGS_WRITE)
    }

    private static func readFiltered(
        _ bio: OpaquePointer?,
        _ target: UnsafeMutablePointer<CChar>?,
        _ capacity: Int,
        _ count: UnsafeMutablePointer<Int>?
    ) -> CInt {
        guard let wire = unsafe wire(of: bio) else { return -1 }
        unsafe BIO_clear_flags(bio, retryFlags)
        let room = unsafe UnsafeMutableRawBufferPointer(start: target, count: capacity)
        return unsafe answer(wire.receiveFiltered(into: room), bio, count, retry: BIO_FLAGS_READ)
    }

    private static func writeFiltered(
        _ bio: OpaquePointer?,
        _ bytes: UnsafePointer<CChar>?,
        _ size: Int,
        _ count: UnsafeMutablePointer<Int>?
    ) -> CInt {
        guard let wire = unsafe wire(of: bio) else { return -1 }
        unsafe BIO_clear_flags(bio, retryFlags)
        let source = unsafe UnsafeRawBufferPointer(start: bytes, count: size)
        return unsafe answer(wire.sendFiltered(source), bio, count, retry: BIO_FLAGS_WRITE)
    }

    /// The end of a flight, which may have to be tried again.
    private static func flush(_ bio: OpaquePointer?) -> CLong {
        guard let wire = unsafe wire(of: bio) else { return -1 }
        unsafe BIO_clear_flags(bio, retryFlags)
        return unsafe CLong(answer(wire.flush(), bio, nil, retry: BIO_FLAGS_WRITE))
    }

    private static let retryFlags =
        BIO_FLAGS_READ | BIO_FLAGS_WRITE | BIO_FLAGS_IO_SPECIAL | BIO_FLAGS_SHOULD_RETRY

    private static func answer(
        _ outcome: Wire.Transfer,
        _ bio: OpaquePointer?,
        _ count: UnsafeMutablePointer<Int>?,
        retry: CInt
    ) -> CInt {
        unsafe count?.pointee = 0
        switch outcome {
        case .moved(let moved):
            unsafe count?.pointee = moved
            return 1
        case .wouldBlock:
            unsafe BIO_set_flags(bio, retry | BIO_FLAGS_SHOULD_RETRY)
            return -1
        case .end:
            return 0
        case .failed:
            return -1
        }
    }

    private static func control(_ bio: OpaquePointer?, _ command: CInt) -> CLong {
        switch command {
        case BIO_CTRL_FLUSH:
            // The end of a flight; nothing is held back.
            return 1
        case BIO_CTRL_EOF:
            return unsafe wire(of: bio)?.isAtEnd == true ? 1 : 0
        case BIO_CTRL_PENDING:
            return unsafe wire(of: bio)?.waiting ?? 0
        default:
            // Everything else that libssl asks (kernel TLS, push and pop) is answered by "not here".
            return 0
        }
    }
}
