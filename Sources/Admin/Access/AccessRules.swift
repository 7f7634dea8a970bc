import HTTP

/// Who may drive the admin plane: whoever holds the token where one is needed, and never a page in somebody's browser.
///
/// A page of another site can make the operator's browser send requests here. Its requests carry that site's `Origin`;
/// a name that an attacker points at this machine (DNS rebinding) shows in `Host`; and a form can only send bodies of
/// three media types, none of which is taken here. So each of the three is looked at.
struct AccessRules: Sendable {
    private let token: BearerToken?
    private let hosts: Set<String>

    /// Rules of a plane at `address` that wants `token` where one is given.
    ///
    /// Without a token it goes by its address and by the names of this machine to itself. With one any `Host` will do:
    /// no page can know it, whatever name it was loaded from. A request without `Host` is one of HTTP/1.0, as a plain
    /// health check sends it; browsers do not.
    init(token: BearerToken?, at address: String) {
        self.token = token
        hosts = ["localhost", "127.0.0.1", "[::1]", Self.withoutPort(address.lowercased())]
    }

    /// What is wrong with a request, before anything else of it is looked at; nil for nothing.
    func objection(to request: HTTP.Request, in bytes: Span<UInt8>) -> Problem? {
        func text(_ range: Range<Int>) -> String { String(decoding: range.map { bytes[$0] }, as: UTF8.self) }
        let host = request.host.map { text($0).lowercased() }
        guard token != nil || host.map({ hosts.contains(Self.withoutPort($0)) }) != false else {
            let names = hosts.sorted().joined(separator: ", ")
            return .forbidden("without a token the admin plane goes by \(names) alone, not by the name in Host")
        }
        if let range = request.value(of: "origin", in: bytes) {
            let origin = text(range).lowercased()
            guard let authority = Self.authority(of: origin), authority == host else {
                return .forbidden("the admin plane takes no request of a page of another origin")
            }
        }
        if let range = request.value(of: "sec-fetch-site", in: bytes), !["same-origin", "none"].contains(text(range)) {
            return .forbidden("the admin plane takes no request of a page of another site")
        }
        if let token {
            guard let value = request.value(of: "authorization", in: bytes) else { return .unauthorized }
            guard token.isPresented(in: bytes.extracting(value)) else { return .wrongToken }
        }
        return nil
    }

    private static func withoutPort(_ host: String) -> String {
        guard let colon = host.lastIndex(of: ":"), !host.hasSuffix("]") else { return host }
        return String(host[..<colon])
    }

    /// The host and port of an origin such as `http://localhost:8480`; nil for `null` and for other schemes.
    private static func authority(of origin: String) -> String? {
        for scheme in ["http://", "https://"] where origin.hasPrefix(scheme) {
            return String(origin.dropFirst(scheme.count))
        }
        return nil
    }
}

/// The secret that opens the admin plane where it is reachable from other machines (RFC 6750).
package struct BearerToken: Sendable {
    private let bytes: [UInt8]

    /// The fewest bytes that make a token: 16 cannot be guessed.
    package static let minimumLength = 16

    /// Takes the token, or returns nil where it is too short or holds anything but visible ASCII.
    package init?(_ text: String) {
        guard text.utf8.count >= Self.minimumLength, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            return nil
        }
        bytes = Array(text.utf8)
    }

    /// Whether an `Authorization` field's value carries this token.
    ///
    /// The time it takes depends on the lengths alone, so that nobody learns the token one byte at a time.
    package func isPresented(in value: Span<UInt8>) -> Bool {
        let scheme = Array("bearer ".utf8)
        guard value.count == scheme.count + bytes.count else { return false }
        var difference: UInt8 = 0
        for index in scheme.indices { difference |= (value[index] | 0x20) ^ scheme[index] }
        for index in bytes.indices { difference |= value[scheme.count + index] ^ bytes[index] }
        return difference == 0
    }
}

extension BearerToken: CustomStringConvertible {
    /// A mark in place of the token.
    package var description: String { "bearer token (hidden)" }
}
