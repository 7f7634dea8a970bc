extension ClientHello {
    /// The extension types looked into, with IANA's numbers; all others are only listed.
    private enum ExtensionType {
        static let serverName: UInt16 = 0
        static let supportedGroups: UInt16 = 10
        static let pointFormats: UInt16 = 11
        static let signatureAlgorithms: UInt16 = 13
        static let applicationProtocols: UInt16 = 16
        static let sessionTicket: UInt16 = 35
        static let preSharedKey: UInt16 = 41
        static let supportedVersions: UInt16 = 43
    }

    /// Reads the message's body, the bytes after its four-byte header.
    init(body: Span<UInt8>) throws(ClientHelloDefect) {
        self.init()
        var cursor = ClientHelloCursor(.version, from: 0, to: body.count)
        legacyVersion = try cursor.short(of: body)
        _ = try cursor.part(.random, of: 32)
        sessionIDLength = try Self.sessionIDLength(&cursor, body)
        var suites = try Self.part(.cipherSuites, &cursor, body)
        cipherSuites = try suites.shorts(of: body)
        guard cursor.remaining > 0 else { throw .length(.compressionMethods) }
        let methods = try cursor.part(.compressionMethods, of: 1 + Int(body[cursor.position]))
        guard methods.remaining > 1 else { throw .length(.compressionMethods) }
        // A client older than RFC 3546 stops here.
        guard cursor.remaining > 0 else { return }
        var block = try Self.part(.extensions, &cursor, body)
        guard cursor.remaining == 0 else { throw .length(.extensions) }
        // Clients send a dozen to two.
        extensions.reserveCapacity(24)
        while block.remaining > 0 { try readExtension(&block, body) }
        try refuseDuplicates()
    }

    private static func sessionIDLength(
        _ cursor: inout ClientHelloCursor,
        _ body: Span<UInt8>
    ) throws(ClientHelloDefect) -> Int {
        guard cursor.remaining > 0 else { throw .length(.sessionID) }
        let count = Int(try cursor.byte(of: body))
        guard count <= 32 else { throw .length(.sessionID) }
        _ = try cursor.part(.sessionID, of: count)
        return count
    }

    /// A field with two bytes of length before it.
    private static func part(
        _ field: ClientHelloField,
        _ cursor: inout ClientHelloCursor,
        _ body: Span<UInt8>
    ) throws(ClientHelloDefect) -> ClientHelloCursor {
        var prefix = try cursor.part(field, of: 2)
        return try cursor.part(field, of: Int(try prefix.short(of: body)))
    }

    private mutating func readExtension(
        _ block: inout ClientHelloCursor,
        _ body: Span<UInt8>
    ) throws(ClientHelloDefect) {
        let type = try block.short(of: body)
        let size = Int(try block.short(of: body))
        extensions.append(type)
        func content(_ field: ClientHelloField) throws(ClientHelloDefect) -> ClientHelloCursor {
            try block.part(field, of: size)
        }
        switch type {
        case ExtensionType.serverName:
            try readServerName(try content(.serverName), body)
        case ExtensionType.applicationProtocols:
            try readApplicationProtocols(try content(.applicationProtocols), body)
        case ExtensionType.supportedVersions:
            var field = try content(.supportedVersions)
            var list = try field.wholeShortList(of: body)
            supportedVersions = try list.shorts(of: body)
        case ExtensionType.supportedGroups:
            var field = try content(.supportedGroups)
            var list = try field.wholeList(of: body)
            supportedGroups = try list.shorts(of: body)
        case ExtensionType.signatureAlgorithms:
            var field = try content(.signatureAlgorithms)
            var list = try field.wholeList(of: body)
            signatureAlgorithms = try list.shorts(of: body)
        case ExtensionType.pointFormats:
            var field = try content(.pointFormats)
            var list = try field.wholeShortList(of: body)
            pointFormats = try list.octets(of: body)
        default:
            presentsSessionTicket = presentsSessionTicket || (type == ExtensionType.sessionTicket && size > 0)
            offersPreSharedKey = offersPreSharedKey || type == ExtensionType.preSharedKey
            _ = try content(.extensions)
        }
    }

    /// RFC 6066 section 3: a list of names, no type twice; host_name (0) is the only type there ever was.
    private mutating func readServerName(
        _ content: ClientHelloCursor,
        _ body: Span<UInt8>
    ) throws(ClientHelloDefect) {
        var content = content
        var list = try content.wholeList(of: body)
        guard list.remaining > 0 else { throw .length(.serverName) }
        while list.remaining > 0 {
            let type = try list.byte(of: body)
            let name = try list.part(.serverName, of: Int(try list.short(of: body)))
            guard type == 0 else { continue }
            guard serverName == nil else { throw .value(.serverName) }
            serverName = try Self.hostName(name, body)
        }
    }

    /// A name of at most 255 bytes (RFC 1035 section 2.3.4), all visible ASCII: it goes into logs and matches rules.
    private static func hostName(
        _ name: ClientHelloCursor,
        _ body: Span<UInt8>
    ) throws(ClientHelloDefect) -> String {
        guard (1...255).contains(name.remaining) else { throw .length(.serverName) }
        var lowered: [UInt8] = []
        lowered.reserveCapacity(name.remaining)
        for index in name.range {
            let byte = body[index]
            guard (0x21...0x7e).contains(byte) else { throw .value(.serverName) }
            lowered.append((0x41...0x5a).contains(byte) ? byte | 0x20 : byte)
        }
        return String(decoding: lowered, as: UTF8.self)
    }

    private mutating func readApplicationProtocols(
        _ content: ClientHelloCursor,
        _ body: Span<UInt8>
    ) throws(ClientHelloDefect) {
        var content = content
        var list = try content.wholeList(of: body)
        guard list.remaining > 0 else { throw .length(.applicationProtocols) }
        while list.remaining > 0 {
            var name = try list.part(.applicationProtocols, of: Int(try list.byte(of: body)))
            applicationProtocols.append(try name.octets(of: body))
        }
    }

    /// Sorted first: 4,000 extensions fit into the longest message, too many to compare each with each.
    private func refuseDuplicates() throws(ClientHelloDefect) {
        let sorted = extensions.sorted()
        for index in sorted.indices.dropFirst() where sorted[index] == sorted[index - 1] {
            throw .duplicateExtension(sorted[index])
        }
    }
}
