import Notation

/// The form of a host with an optional port (RFC 3986 sections 3.2.2 and 3.2.3), without user information.
enum Authority {
    /// Whether the octets at `range` are a non-empty host, with or without a port.
    ///
    /// An empty host is refused although `Host` allows one: no `http` or `https` URI has it (RFC 9110 section 4.2.1).
    static func isValid(at range: Range<Int>, in bytes: Span<UInt8>) -> Bool {
        guard let first = range.first else { return false }
        var position = first
        if bytes[first] == UInt8(ascii: "[") {
            let close = bytes.firstPosition(of: UInt8(ascii: "]"), in: range)
            guard close < range.upperBound, isAddress(at: first + 1..<close, in: bytes) else { return false }
            position = close + 1
        } else {
            while position <= range.upperBound - 8, EightBytes(bytes, at: position).nameCount == 8 { position &+= 8 }
            while position < range.upperBound, isNameOctet(bytes[position]) {
                position &+= 1
            }
            guard position > first else { return false }
        }
        return isPort(at: position..<range.upperBound, in: bytes)
    }

    /// Whether this could be an IPv6 address: hexadecimal digits, colons and periods.
    private static func isAddress(at range: Range<Int>, in bytes: Span<UInt8>) -> Bool {
        for position in range {
            let octet = bytes[position]
            guard Hexadecimal.value(of: octet) != nil || octet == UInt8(ascii: ":") || octet == UInt8(ascii: ".") else {
                return false
            }
        }
        return !range.isEmpty
    }

    /// `reg-name`: unreserved, sub-delims, and the octets of percent-encoding.
    private static func isNameOctet(_ octet: UInt8) -> Bool {
        switch octet {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"), UInt8(ascii: "%"), UInt8(ascii: "!"), UInt8(ascii: "$"), UInt8(ascii: ";"),
            UInt8(ascii: "="), UInt8(ascii: "&")...UInt8(ascii: ","):
            true
        default:
            false
        }
    }

    /// Nothing, or a colon and any number of digits.
    private static func isPort(at range: Range<Int>, in bytes: Span<UInt8>) -> Bool {
        guard let colon = range.first else { return true }
        guard bytes[colon] == UInt8(ascii: ":") else { return false }
        for position in colon + 1..<range.upperBound where !bytes[position].isDigit {
            return false
        }
        return true
    }
}
