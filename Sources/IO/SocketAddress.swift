package import Glibc

/// An IPv4 or IPv6 address and a port.
package struct SocketAddress: Hashable, Sendable {
    /// The address, without its port.
    package enum Host: Hashable, Sendable {
        /// Four bytes, most significant first.
        case v4(UInt32)
        /// Sixteen bytes as two words, most significant first, and the scope of a link-local address.
        case v6(UInt64, UInt64, scope: UInt32)
    }

    /// Where.
    package let host: Host
    /// Which port; 0 asks the kernel for a free one.
    package let port: UInt16

    /// Joins both.
    package init(host: Host, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// Whether only this machine can reach the address.
    package var isLoopback: Bool {
        switch host {
        case .v4(let address): address >> 24 == 127
        case .v6(let high, let low, _): high == 0 && (low == 1 || low >> 24 == 0xFFFF_7F)
        }
    }

    /// Whether it is `[::]`, where a listener takes IPv6 and IPv4.
    package var takesBothFamilies: Bool {
        if case .v6(0, 0, _) = host { true } else { false }
    }

    /// The IPv4 address that came in over an IPv6 socket (RFC 4291 section 2.5.5.2), or the address as it is: whatever
    /// counts, matches or shows clients goes by it.
    package var unmapped: SocketAddress {
        guard case .v6(0, let low, _) = host, low >> 32 == 0xFFFF else { return self }
        return SocketAddress(host: .v4(UInt32(truncatingIfNeeded: low)), port: port)
    }

    /// Looks up `HOST:PORT`, where an IPv6 address stands in brackets and a name may stand for an address.
    ///
    /// Throws ``AddressError`` where the text is no such pair or the name does not resolve. May ask the resolver: for
    /// start-up only.
    package static func resolve(_ text: String) throws(AddressError) -> SocketAddress {
        try resolveAll(text)[0]
    }

    /// Looks up every address of `HOST:PORT`, at least one, in the order in which a client should try them (RFC 6724).
    ///
    /// Throws as ``resolve(_:)`` does; `isNumeric` says that no resolver is asked.
    package static func resolveAll(
        _ text: String,
        isNumeric: Bool = false
    ) throws(AddressError) -> [SocketAddress] {
        guard let colon = text.lastIndex(of: ":") else { throw AddressError(text: text, reason: "no :PORT at the end") }
        var host = text[..<colon]
        let portText = text[text.index(after: colon)...]
        guard let port = UInt16(portText) else {
            throw AddressError(text: text, reason: "\"\(portText)\" is no port from 0 to 65535")
        }
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            throw AddressError(text: text, reason: "an IPv6 address needs brackets: [::1]:8443")
        }
        guard !host.isEmpty else { throw AddressError(text: text, reason: "no host before the port") }
        return try lookUp(String(host), port: port, in: text, isNumeric: isNumeric)
    }

    /// Reads `HOST:PORT` where the host is an address; nil for anything else, and no resolver is asked.
    package static func numeric(_ text: String) -> SocketAddress? {
        try? resolveAll(text, isNumeric: true).first
    }

    private static func lookUp(_ name: String, port: UInt16, in text: String, isNumeric: Bool)
        throws(AddressError) -> [SocketAddress]
    {
        var hints = unsafe addrinfo()
        if isNumeric { unsafe hints.ai_flags = AI_NUMERICHOST }
        unsafe hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let status = unsafe getaddrinfo(name, nil, &hints, &list)
        defer { unsafe freeaddrinfo(list) }
        var found: [SocketAddress] = []
        var entry = unsafe status == 0 ? list : nil
        while let next = unsafe entry {
            if let raw = unsafe next.pointee.ai_addr, let address = unsafe SocketAddress(raw) {
                found.append(SocketAddress(host: address.host, port: port))
            }
            unsafe entry = next.pointee.ai_next
        }
        guard !found.isEmpty else {
            throw AddressError(text: text, reason: "\"\(name)\" is no address and does not resolve to one")
        }
        return found
    }
}

/// A text that names no socket address.
package struct AddressError: Error, Hashable, CustomStringConvertible {
    /// What was given.
    package let text: String
    /// What is wrong with it.
    package let reason: String

    /// One line for an operator.
    package var description: String { "address \"\(text)\": \(reason)" }
}

extension SocketAddress: CustomStringConvertible {
    /// `127.0.0.1:8443` or `[::1]:8443`.
    package var description: String {
        switch host {
        case .v4: "\(hostDescription):\(port)"
        case .v6: "[\(hostDescription)]:\(port)"
        }
    }

    /// The address alone, without brackets.
    package var hostDescription: String {
        switch host {
        case .v4(let address):
            return "\(address >> 24).\(address >> 16 & 255).\(address >> 8 & 255).\(address & 255)"
        case .v6(let high, let low, _):
            var bytes = in6_addr(high, low)
            return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { text in
                unsafe inet_ntop(AF_INET6, &bytes, text.baseAddress, socklen_t(text.count))
                    .map { unsafe String(cString: $0) } ?? "invalid"
            }
        }
    }
}

extension SocketAddress {
    /// Reads what the kernel wrote, or returns nil for a family other than IPv4 and IPv6.
    init?(_ raw: UnsafePointer<sockaddr>) {
        switch CInt(unsafe raw.pointee.sa_family) {
        case AF_INET:
            let address = unsafe UnsafeRawPointer(raw).load(as: sockaddr_in.self)
            self.init(
                host: .v4(UInt32(bigEndian: address.sin_addr.s_addr)),
                port: UInt16(bigEndian: address.sin_port)
            )
        case AF_INET6:
            let address = unsafe UnsafeRawPointer(raw).load(as: sockaddr_in6.self)
            self.init(
                host: Host(address.sin6_addr, scope: address.sin6_scope_id),
                port: UInt16(bigEndian: address.sin6_port)
            )
        default:
            return nil
        }
    }

    /// Lends the kernel's form of the address to `body`.
    package func withSockaddr<R>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
        switch host {
        case .v4(let address):
            var raw = sockaddr_in()
            raw.sin_family = sa_family_t(AF_INET)
            raw.sin_port = port.bigEndian
            raw.sin_addr.s_addr = address.bigEndian
            return unsafe Self.lend(raw, to: body)
        case .v6(let high, let low, let scope):
            var raw = sockaddr_in6()
            raw.sin6_family = sa_family_t(AF_INET6)
            raw.sin6_port = port.bigEndian
            raw.sin6_scope_id = scope
            raw.sin6_addr = in6_addr(high, low)
            return unsafe Self.lend(raw, to: body)
        }
    }

    private static func lend<Form, R>(_ form: Form, to body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
        unsafe withUnsafePointer(to: form) { pointer in
            let bound = unsafe UnsafeRawPointer(pointer).assumingMemoryBound(to: sockaddr.self)
            return unsafe body(bound, socklen_t(MemoryLayout<Form>.size))
        }
    }

    /// Runs `fill` on storage for an address, and reads what the kernel wrote there.
    static func read(_ fill: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int) -> (
        result: Int, address: SocketAddress?
    ) {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            let raw = unsafe UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: sockaddr.self)
            let result = unsafe fill(raw, &length)
            return (result, result < 0 ? nil : unsafe SocketAddress(UnsafePointer(raw)))
        }
    }
}

extension SocketAddress.Host {
    /// The address that the kernel has in this form.
    init(_ address: in6_addr, scope: UInt32 = 0) {
        let (high, low) = unsafe unsafeBitCast(address, to: (UInt64, UInt64).self)
        self = .v6(UInt64(bigEndian: high), UInt64(bigEndian: low), scope: scope)
    }

    /// Reads an address in digits, or returns nil where the text is none; no resolver is asked.
    package init?(digits text: String) {
        var (v4, v6) = (in_addr(), in6_addr())
        if unsafe inet_pton(AF_INET, text, &v4) == 1 {
            self = .v4(UInt32(bigEndian: v4.s_addr))
        } else if unsafe inet_pton(AF_INET6, text, &v6) == 1 {
            self.init(v6)
        } else {
            return nil
        }
    }
}

extension in6_addr {
    /// The kernel's form of sixteen bytes as two words, most significant first.
    fileprivate init(_ high: UInt64, _ low: UInt64) {
        self = unsafe unsafeBitCast((high.bigEndian, low.bigEndian), to: in6_addr.self)
    }
}

/// `HOST:PORT[,proxy=ADDRESS/BITS]…`: where a listener is to be, and the proxies that it believes.
package struct ListenAddress: Sendable {
    /// `HOST:PORT`, not looked up.
    package let address: String
    /// Whose word on their clients' addresses counts.
    package let proxies: TrustedProxies
    /// What else was said, as `lab=NAME`.
    package let others: [String]

    /// Reads the written form; throws the reason of a refusal.
    package init(_ text: String) throws(Defect) {
        var parts = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        address = parts.removeFirst()
        var blocks: [AddressBlock] = []
        var others: [String] = []
        for part in parts {
            guard part.hasPrefix(Self.proxy) else {
                others.append(part)
                continue
            }
            guard let block = AddressBlock(String(part.dropFirst(Self.proxy.count))) else {
                throw Defect(reason: "\"\(part)\" names no block of addresses, as proxy=10.0.0.0/8 or proxy=::1 does")
            }
            blocks.append(block)
        }
        proxies = TrustedProxies(blocks)
        self.others = others
    }

    private static let proxy = "proxy="

    /// A text that says no such thing.
    package struct Defect: Error {
        /// What is wrong with it.
        package let reason: String
    }
}
