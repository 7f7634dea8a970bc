/// What a proxy says of its client before the client's bytes: a header of the PROXY protocol, version 1 or 2.
///
/// Pure bytes in: it is shown all that came so far, again and again. Only a header of a peer that is trusted may be
/// believed.
package struct ProxyHeader: Equatable, Sendable {
    /// Who is at the other end of the proxy; nil where the connection is the proxy's own (`LOCAL`, `UNKNOWN`, or a
    /// family that is none of IP's), so that its own address stays.
    package let client: SocketAddress?
    /// How many bytes belong to it.
    package let length: Int

    /// What the bytes so far amount to.
    package enum Outcome: Equatable, Sendable {
        /// The beginning of a header.
        case needsMore
        /// A whole header.
        case header(ProxyHeader)
        /// No header, or a malformed one, and why.
        case refused(String)
    }

    /// The longest header of version 1, its line end included.
    package static let longestLine = 107
    /// The most bytes that may follow the fixed part of version 2: addresses, and fields of type, length and value.
    ///
    /// The length has 16 bits; what proxies send stays under 600.
    package static let longestRest = 4096

    private static let signature: [UInt8] = [13, 10, 13, 10, 0, 13, 10, 0x51, 0x55, 0x49, 0x54, 10]
    private static let fixedPart = 16
    private static let opening = Array("PROXY ".utf8)

    /// Judges what has been received.
    package static func examine(_ received: Span<UInt8>) -> Outcome {
        if begins(received, with: signature) {
            return received.count < fixedPart ? .needsMore : version2(received)
        }
        if begins(received, with: opening) {
            return received.count < opening.count ? .needsMore : version1(received)
        }
        return .refused("no PROXY protocol header, which this listener wants of a trusted proxy")
    }

    /// Whether the bytes are the beginning of `text`, or begin with it.
    private static func begins(_ received: Span<UInt8>, with text: [UInt8]) -> Bool {
        for index in 0..<min(received.count, text.count) where received[index] != text[index] { return false }
        return true
    }

    // MARK: Version 1

    private static func version1(_ received: Span<UInt8>) -> Outcome {
        var end = opening.count
        let limit = min(received.count, longestLine)
        while end < limit, received[end] != 10 { end += 1 }
        guard end < limit else {
            return received.count < longestLine ? .needsMore : .refused("a PROXY header line over \(longestLine) bytes")
        }
        guard received[end - 1] == 13 else { return .refused("a PROXY header line that ends in LF without CR") }
        let bytes = (opening.count..<end - 1).map { received[$0] }
        let words = bytes.split(separator: 0x20, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        let length = end + 1
        // Whatever follows UNKNOWN is not to be looked at.
        if words[0] == "UNKNOWN" { return .header(ProxyHeader(client: nil, length: length)) }
        guard words.count == 5, let source = SocketAddress.Host(digits: words[1]),
            let destination = SocketAddress.Host(digits: words[2]),
            let port = Self.port(words[3]), Self.port(words[4]) != nil
        else { return .refused("a PROXY header line that is not family, two addresses and two ports") }
        switch (words[0], source, destination) {
        case ("TCP4", .v4, .v4), ("TCP6", .v6, .v6):
            let client = SocketAddress(host: source, port: port).unmapped
            return .header(ProxyHeader(client: client, length: length))
        default: return .refused("a PROXY header line whose addresses are not of its family")
        }
    }

    private static func port(_ text: String) -> UInt16? {
        guard !text.isEmpty, text == "0" || !text.hasPrefix("0"), text.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return UInt16(text)
    }

    // MARK: Version 2

    private static func version2(_ received: Span<UInt8>) -> Outcome {
        guard received[12] >> 4 == 2 else { return .refused("a PROXY header of version \(received[12] >> 4)") }
        let command = received[12] & 15
        guard command <= 1 else { return .refused("a PROXY header with the unknown command \(command)") }
        let rest = Int(received[14]) << 8 | Int(received[15])
        guard rest <= longestRest else { return .refused("a PROXY header of \(rest) bytes, over \(longestRest)") }
        let length = fixedPart + rest
        guard received.count >= length else { return .needsMore }
        // LOCAL is the proxy's own, as its health check, and of UNSPEC nothing is known: what else they hold is
        // ignored.
        guard command == 1, received[13] >> 4 != 0 else { return .header(ProxyHeader(client: nil, length: length)) }
        let header = received.extracting(first: length)
        // Of IPv4, IPv6 and UNIX, with their ports.
        let addresses = [1: 12, 2: 36, 3: 216][received[13] >> 4] ?? 0
        guard rest >= addresses else { return .refused("a PROXY header too short for its addresses") }
        if let reason = defect(ofFields: fixedPart + addresses, in: header) { return .refused(reason) }
        // Of UNIX nothing is an address here.
        return .header(ProxyHeader(client: client(of: received[13], in: header), length: length))
    }

    /// The source address, of a stream over IPv4 or IPv6.
    private static func client(of kind: UInt8, in header: Span<UInt8>) -> SocketAddress? {
        func word(_ place: Int, _ count: Int) -> UInt64 {
            (place..<place + count).reduce(0) { $0 << 8 | UInt64(header[$1]) }
        }
        switch kind {
        case 0x11:
            return SocketAddress(host: .v4(UInt32(word(16, 4))), port: UInt16(word(24, 2)))
        case 0x21:
            let host = SocketAddress.Host.v6(word(16, 8), word(24, 8), scope: 0)
            return SocketAddress(host: host, port: UInt16(word(48, 2))).unmapped
        default: return nil
        }
    }

    /// What is wrong with the fields behind the addresses; nil for nothing.
    ///
    /// A checksum, where one is there, has to hold.
    private static func defect(ofFields start: Int, in header: Span<UInt8>) -> String? {
        var position = start
        while position < header.count {
            guard header.count - position >= 3 else { return "a PROXY header with half a field at its end" }
            let size = Int(header[position + 1]) << 8 | Int(header[position + 2])
            let value = position + 3
            guard header.count - value >= size else { return "a PROXY header with a field beyond its end" }
            if header[position] == checksumField {
                guard size == 4 else { return "a PROXY header with a checksum of \(size) bytes" }
                let told = (value..<value + 4).reduce(UInt32(0)) { $0 << 8 | UInt32(header[$1]) }
                guard told == checksum(of: header, without: value..<value + 4) else {
                    return "a PROXY header whose checksum is wrong"
                }
            }
            position = value + size
        }
        return nil
    }

    /// `PP2_TYPE_CRC32C`.
    private static let checksumField: UInt8 = 3

    /// CRC-32C (RFC 9260 appendix A) of the header with zeros in place of the checksum itself.
    private static func checksum(of header: Span<UInt8>, without field: Range<Int>) -> UInt32 {
        var sum = UInt32.max
        for index in header.indices {
            sum ^= UInt32(field.contains(index) ? 0 : header[index])
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0x82F6_3B78 : sum >> 1 }
        }
        return ~sum
    }
}
