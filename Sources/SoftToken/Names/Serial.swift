import Notation

/// A device's serial number: up to sixteen of `A`–`Z`, `0`–`9` and `-` (docs/protocol.md section 4).
package struct Serial: Hashable, Sendable {
    /// The text, packed.
    package let text: ASCII16

    /// Checks the bytes, or returns nil where they are no serial.
    package init?(_ bytes: Span<UInt8>) {
        let text = ASCII16(bytes) {
            $0.marks(within: 0x30...0x39) | $0.marks(within: 0x41...0x5A) | $0.marks(within: 0x2D...0x2D)
        }
        guard let text else { return nil }
        self.text = text
    }

    /// One of no characters, in the place of one that is still to come.
    static var none: Serial { Serial(text: ASCII16("", "")) }

    private init(text: ASCII16) {
        self.text = text
    }

    /// Checks the text, or returns nil where it is no serial.
    package init?(_ string: some StringProtocol) {
        self.init(Array(string.utf8).span)
    }
}

extension Serial: Comparable {
    /// Orders as the texts do.
    package static func < (left: Serial, right: Serial) -> Bool { left.text < right.text }
}

extension Serial: CustomStringConvertible {
    /// The serial as people write it.
    package var description: String { text.description }
}
