/// A block of addresses that share their first bits, such as `10.1.0.0/16` or `2001:db8::/32`; one address is a block
/// too.
package struct AddressBlock: Hashable, Sendable {
    private let high: UInt64
    private let low: UInt64
    private let bits: Int

    /// Reads an address in digits, with or without `/BITS`, or returns nil where the text is none.
    ///
    /// No resolver is asked. Bits beyond the prefix count for nothing.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let digits = parts.first, let host = SocketAddress.Host(digits: String(digits)) else { return nil }
        let widest = if case .v4 = host { 32 } else { 128 }
        var prefix = widest
        if parts.count == 2 {
            guard let given = Int(parts[1]), (0...widest).contains(given), parts[1].allSatisfy(\.isNumber) else {
                return nil
            }
            prefix = given
        }
        bits = prefix + 128 - widest
        (high, low) = Self.masked(Self.words(of: host), bits)
    }

    /// The block that a text with bits beyond its prefix stands for, such as `10.0.0.0/8` for `10.1.2.3/8`; nil where
    /// it has none, or is no block.
    package static func canonical(_ text: String) -> String? {
        let parts = text.split(separator: "/", maxSplits: 1)
        guard parts.count == 2, let block = AddressBlock(text), let host = SocketAddress.Host(digits: String(parts[0])),
            words(of: host) != (block.high, block.low)
        else { return nil }
        let first: SocketAddress.Host =
            switch host {
            case .v4: .v4(UInt32(truncatingIfNeeded: block.low))
            case .v6(_, _, let scope): .v6(block.high, block.low, scope: scope)
            }
        return "\(SocketAddress(host: first, port: 0).hostDescription)/\(parts[1])"
    }

    /// Whether the address is one of the block's.
    ///
    /// An IPv4 address that came in over an IPv6 socket is the same address.
    package func contains(_ host: SocketAddress.Host) -> Bool {
        Self.masked(Self.words(of: host), bits) == (high, low)
    }

    /// Whether all of its addresses are the other's too.
    package func isWithin(_ other: AddressBlock) -> Bool {
        bits >= other.bits && Self.masked((high, low), other.bits) == (other.high, other.low)
    }

    /// Whether none of its addresses is a peer's: those of this network and no address (RFC 6890), of groups, and of
    /// all.
    package var holdsNoPeer: Bool { Self.nowhere.contains(where: isWithin) }

    private static let nowhere = ["0.0.0.0/8", "224.0.0.0/4", "255.255.255.255", "::", "ff00::/8"]
        .compactMap { AddressBlock($0) }

    /// All addresses as IPv6 has them: those of IPv4 mapped (RFC 4291 section 2.5.5.2).
    private static func words(of host: SocketAddress.Host) -> (UInt64, UInt64) {
        switch host {
        case .v4(let address): (0, 0xFFFF_0000_0000 | UInt64(address))
        case .v6(let high, let low, _): (high, low)
        }
    }

    private static func masked(_ words: (UInt64, UInt64), _ bits: Int) -> (UInt64, UInt64) {
        // A shift by 64 or more gives zero in Swift.
        (words.0 & ~(UInt64.max >> UInt64(min(bits, 64))), words.1 & ~(UInt64.max >> UInt64(max(bits - 64, 0))))
    }
}

/// The proxies that a listener believes: what they say of their clients' addresses counts, and they have to say it.
package struct TrustedProxies: Sendable, Equatable {
    private let blocks: [AddressBlock]

    /// Proxies in these blocks of addresses; with none nobody is believed.
    package init(_ blocks: [AddressBlock] = []) { self.blocks = blocks }

    /// Whether a peer is one of them.
    package func cover(_ host: SocketAddress.Host) -> Bool { blocks.contains { $0.contains(host) } }
}
