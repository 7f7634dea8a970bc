/// What a client said about itself in its first TLS message (RFC 8446 section 4.1.2, RFC 5246 section 7.4.1.2).
///
/// Every list keeps the client's order and its GREASE values (RFC 8701), because fingerprints are made of both.
package struct ClientHello: Sendable, Equatable {
    /// How many of the received bytes the hello takes, record headers included; they start at the first byte.
    package var recordBytes = 0
    /// How many records the message was spread over; ordinary clients use one.
    package var recordCount = 0
    /// The `legacy_version` field, 0x0303 for any client of TLS 1.2 or later.
    package var legacyVersion: UInt16 = 0
    /// The length of the session identifier, 0 to 32.
    package var sessionIDLength = 0
    /// The cipher suites on offer.
    package var cipherSuites: [UInt16] = []
    /// The types of all extensions, known to us or not.
    package var extensions: [UInt16] = []
    /// The host name asked for (RFC 6066 section 3) in lower case and printable ASCII, nil where none is named.
    package var serverName: String?
    /// The protocol names of ALPN (RFC 7301), byte strings that need not be text; empty without the extension.
    package var applicationProtocols: [[UInt8]] = []
    /// The versions of `supported_versions`; empty where the client is older than TLS 1.3.
    package var supportedVersions: [UInt16] = []
    /// The groups of `supported_groups`.
    package var supportedGroups: [UInt16] = []
    /// The schemes of `signature_algorithms`.
    package var signatureAlgorithms: [UInt16] = []
    /// The formats of `ec_point_formats` (RFC 8422 section 5.1.2).
    package var pointFormats: [UInt8] = []
    /// Whether a TLS 1.2 session ticket comes with the hello (RFC 5077), rather than an empty wish for one.
    package var presentsSessionTicket = false
    /// Whether a pre-shared key is offered, which is how TLS 1.3 resumes.
    package var offersPreSharedKey = false
}

extension ClientHello {
    /// The extension types looked into, with IANA's numbers; all others are only listed.
    enum ExtensionType {
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
        let identifier = try cursor.list(.sessionID, lengthBytes: 1, of: body)
        guard identifier.remaining <= 32 else { throw .length(.sessionID) }
        sessionIDLength = identifier.remaining
        cipherSuites = try cursor.list(.cipherSuites, lengthBytes: 2, of: body).shorts(of: body)
        guard try cursor.list(.compressionMethods, lengthBytes: 1, of: body).remaining > 0 else {
            throw .length(.compressionMethods)
        }
        // A client older than RFC 3546 stops here.
        guard cursor.remaining > 0 else { return }
        var block = try cursor.list(.extensions, lengthBytes: 2, of: body)
        guard cursor.remaining == 0 else { throw .length(.extensions) }
        // Clients send a dozen to two.
        extensions.reserveCapacity(24)
        while block.remaining > 0 { try readExtension(&block, body) }
        try refuseDuplicates()
    }

    private mutating func readExtension(
        _ block: inout ClientHelloCursor,
        _ body: Span<UInt8>
    ) throws(ClientHelloDefect) {
        let type = try block.short(of: body)
        let size = Int(try block.short(of: body))
        extensions.append(type)
        /// The list that is all that an extension has.
        func list(_ field: ClientHelloField, lengthBytes: Int = 2) throws(ClientHelloDefect) -> ClientHelloCursor {
            var content = try block.part(field, of: size)
            let list = try content.list(field, lengthBytes: lengthBytes, of: body)
            guard content.remaining == 0 else { throw .length(field) }
            return list
        }
        switch type {
        case ExtensionType.serverName: try readServerName(list(.serverName), body)
        case ExtensionType.applicationProtocols: try readApplicationProtocols(list(.applicationProtocols), body)
        case ExtensionType.supportedVersions:
            supportedVersions = try list(.supportedVersions, lengthBytes: 1).shorts(of: body)
        case ExtensionType.supportedGroups: supportedGroups = try list(.supportedGroups).shorts(of: body)
        case ExtensionType.signatureAlgorithms: signatureAlgorithms = try list(.signatureAlgorithms).shorts(of: body)
        case ExtensionType.pointFormats: pointFormats = try list(.pointFormats, lengthBytes: 1).octets(of: body)
        default:
            presentsSessionTicket = presentsSessionTicket || (type == ExtensionType.sessionTicket && size > 0)
            offersPreSharedKey = offersPreSharedKey || type == ExtensionType.preSharedKey
            _ = try block.part(.extensions, of: size)
        }
    }

    /// RFC 6066 section 3: a list of names, no type twice; host_name (0) is the only type there ever was.
    private mutating func readServerName(
        _ list: ClientHelloCursor,
        _ body: Span<UInt8>
    ) throws(ClientHelloDefect) {
        var list = list
        guard list.remaining > 0 else { throw .length(.serverName) }
        while list.remaining > 0 {
            let type = try list.byte(of: body)
            let name = try list.list(.serverName, lengthBytes: 2, of: body)
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
        _ list: ClientHelloCursor,
        _ body: Span<UInt8>
    ) throws(ClientHelloDefect) {
        var list = list
        guard list.remaining > 0 else { throw .length(.applicationProtocols) }
        while list.remaining > 0 {
            let name = try list.list(.applicationProtocols, lengthBytes: 1, of: body)
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

/// A place in a ClientHello's bytes and the end of the field it moves in.
///
/// The bytes come with every call, since a value that holds a span can't be returned. Running over the end is the
/// defect `length` of the field that was being read.
struct ClientHelloCursor {
    private(set) var position: Int
    private let end: Int
    private let field: ClientHelloField

    init(_ field: ClientHelloField, from position: Int, to end: Int) {
        self.position = position
        self.end = end
        self.field = field
    }

    var remaining: Int { end - position }

    var range: Range<Int> { position..<end }

    mutating func byte(of bytes: Span<UInt8>) throws(ClientHelloDefect) -> UInt8 {
        guard position < end else { throw .length(field) }
        defer { position += 1 }
        return bytes[position]
    }

    mutating func short(of bytes: Span<UInt8>) throws(ClientHelloDefect) -> UInt16 {
        guard remaining >= 2 else { throw .length(field) }
        defer { position += 2 }
        return UInt16(bytes[position]) << 8 | UInt16(bytes[position + 1])
    }

    /// Steps over a field of `count` bytes and returns a cursor that stays inside it.
    mutating func part(_ field: ClientHelloField, of count: Int) throws(ClientHelloDefect) -> ClientHelloCursor {
        guard remaining >= count else { throw .length(field) }
        defer { position += count }
        return ClientHelloCursor(field, from: position, to: position + count)
    }

    /// Steps over a field with one or two bytes of length before it and returns a cursor that stays inside it.
    mutating func list(
        _ field: ClientHelloField,
        lengthBytes: Int,
        of bytes: Span<UInt8>
    ) throws(ClientHelloDefect) -> ClientHelloCursor {
        var length = try part(field, of: lengthBytes)
        return try part(field, of: Int(lengthBytes == 1 ? UInt16(length.byte(of: bytes)) : length.short(of: bytes)))
    }

    /// All that is left as numbers of two bytes, at least one.
    func shorts(of bytes: Span<UInt8>) throws(ClientHelloDefect) -> [UInt16] {
        guard remaining > 0, remaining.isMultiple(of: 2) else { throw .length(field) }
        let (start, count) = (position, remaining / 2)
        return [UInt16](capacity: count) { numbers in
            for index in 0..<count {
                let place = start &+ 2 &* index
                numbers.append(UInt16(bytes[place]) << 8 | UInt16(bytes[place &+ 1]))
            }
        }
    }

    /// All that is left as bytes, at least one.
    func octets(of bytes: Span<UInt8>) throws(ClientHelloDefect) -> [UInt8] {
        guard remaining > 0 else { throw .length(field) }
        return range.map { bytes[$0] }
    }
}
