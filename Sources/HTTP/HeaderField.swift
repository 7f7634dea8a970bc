import Notation

/// One field line of a head, as places in the request's bytes.
struct HeaderField {
    /// The name as it was sent: a token in any case.
    let name: Range<Int>
    /// The value without the blanks around it; it may be empty, and may hold octets of 0x80 and above.
    let value: Range<Int>

    /// Reads a line that ``LineScanner`` cut, so control octets need no second look (RFC 9112 section 5).
    init(parsing line: Range<Int>, in bytes: Span<UInt8>) throws(Refusal) {
        var colon = line.lowerBound
        while colon <= line.upperBound - 8 {
            let count = EightBytes(bytes, at: colon).nameCount
            colon &+= count
            guard count == 8 else { break }
        }
        while colon < line.upperBound, bytes[colon].isTokenCharacter {
            colon &+= 1
        }
        guard colon < line.upperBound, colon > line.lowerBound, bytes[colon] == UInt8(ascii: ":") else {
            throw Self.refusal(of: line, stoppedAt: colon, in: bytes)
        }
        name = line.lowerBound..<colon
        value = bytes.trimmingBlanks(colon + 1..<line.upperBound)
    }

    private static func refusal(of line: Range<Int>, stoppedAt stop: Int, in bytes: Span<UInt8>) -> Refusal {
        if stop == line.upperBound { return Refusal(.missingColon, at: stop) }
        if stop == line.lowerBound {
            let rule: Refusal.Rule =
                switch bytes[stop] {
                case .space, .horizontalTab: .foldedField
                case UInt8(ascii: ":"): .emptyFieldName
                default: .badFieldName
                }
            return Refusal(rule, at: stop)
        }
        let behindBlanks = bytes.trimmingBlanks(stop..<line.upperBound).lowerBound
        let endsInColon = behindBlanks < line.upperBound && bytes[behindBlanks] == UInt8(ascii: ":")
        return Refusal(endsInColon ? .blankBeforeColon : .badFieldName, at: stop)
    }
}
