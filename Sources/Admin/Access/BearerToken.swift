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
