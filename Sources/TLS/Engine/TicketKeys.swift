/// The secret that session tickets are sealed under, shared by the contexts of all loops so that each resumes the
/// sessions of the others.
///
/// Whoever has it can open recorded TLS 1.2 sessions that used tickets, so it should be drawn at each start and kept
/// nowhere.
package struct TicketKeys: Sendable {
    /// A key name of 16 bytes, an HMAC key of 32 and an AES key of 32, as OpenSSL divides them.
    package static let size = 80

    let bytes: [UInt8]

    /// Keys from random bytes.
    ///
    /// - Returns: Nil unless there are `size` bytes.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.size else { return nil }
        self.bytes = bytes
    }
}

extension TicketKeys: CustomStringConvertible {
    /// Nothing of the keys.
    package var description: String { "ticket keys" }
}
