import Notation

/// Cuts lines at CRLF and refuses every octet that has no place in one.
///
/// It remembers how far it looked, so bytes that trickle in are each looked at once.
struct LineScanner: Sendable {
    /// Where the line at hand begins.
    private(set) var lineStart = 0
    /// The first octet not looked at yet.
    private(set) var position = 0

    /// Cuts the next line.
    ///
    /// What is refused, and where, depends only on the octets before that place, so it is the same however they were
    /// split. That is why a CR in the last place that `limit` allows is already too much.
    ///
    /// - Parameters:
    ///   - bytes: The request from its first byte.
    ///   - limit: Where the line's CRLF must have ended, as a position in `bytes`.
    ///   - rule: What a line beyond `limit` breaks.
    /// - Returns: The line without its CRLF, or nil when its end has not arrived.
    /// - Throws: `rule`, a bare CR or LF, or a control octet other than HTAB.
    mutating func nextLine(
        in bytes: Span<UInt8>,
        upTo limit: Int,
        beyond rule: Refusal.Rule
    ) throws(Refusal) -> Range<Int>? {
        let end = min(bytes.count, limit)
        var position = self.position
        while position < end {
            // Most octets of a head are plain, and this passes eight of them at a time.
            while position <= end - 8 {
                let count = EightBytes(bytes, at: position).plainCount
                position &+= count
                guard count == 8 else { break }
            }
            guard position < end else { break }
            let octet = bytes[position]
            if octet >= .space, octet != .delete {
                position &+= 1
            } else if octet == .carriageReturn {
                self.position = position
                return try endLine(in: bytes, upTo: limit, beyond: rule)
            } else if octet == .horizontalTab {
                position &+= 1
            } else {
                throw Refusal(octet == .lineFeed ? .bareLineFeed : .controlByte, at: position)
            }
        }
        self.position = position
        guard position < limit else { throw Refusal(rule, at: limit) }
        return nil
    }

    private mutating func endLine(
        in bytes: Span<UInt8>,
        upTo limit: Int,
        beyond rule: Refusal.Rule
    ) throws(Refusal) -> Range<Int>? {
        guard position + 1 < limit else { throw Refusal(rule, at: limit) }
        guard position + 1 < bytes.count else { return nil }
        guard bytes[position + 1] == .lineFeed else { throw Refusal(.bareCarriageReturn, at: position) }
        let line = lineStart..<position
        position += 2
        lineStart = position
        return line
    }
}
