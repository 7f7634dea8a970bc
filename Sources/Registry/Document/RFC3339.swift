/// Times as RFC 3339 writes them, in whole seconds.
///
/// A fraction is read and dropped, and letters may be small, as its section 5.6 allows.
package enum RFC3339 {
    /// The time in UTC, as in `2027-11-21T08:00:00Z`; years 0000 to 9999.
    package static func text(_ seconds: Int64) -> String? {
        guard let day = CalendarDay(containing: seconds) else { return nil }
        let second = Int(seconds - day.start)
        func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(day)T\(padded(second / 3_600)):\(padded(second / 60 % 60)):\(padded(second % 60))Z"
    }

    /// Reads a time with `Z` or a numeric offset, or returns nil where the text is none.
    package static func seconds(_ text: String) -> Int64? {
        var bytes = Array(text.utf8)
        guard bytes.count >= 20, let day = CalendarDay(text.prefix(10)), bytes[10] | 0x20 == 0x74,
            bytes[13] == 0x3A, bytes[16] == 0x3A,
            let hour = number(bytes[11..<13], below: 24),
            let minute = number(bytes[14..<16], below: 60),
            let second = number(bytes[17..<19], below: 60)
        else { return nil }
        if bytes[19] == 0x2E {
            let digits = bytes[20...].prefix { (0x30...0x39).contains($0) }
            guard !digits.isEmpty else { return nil }
            bytes.removeSubrange(19..<digits.endIndex)
        }
        let local = day.start + Int64(hour * 3_600 + minute * 60 + second)
        if bytes.count == 20 { return bytes[19] | 0x20 == 0x7A ? local : nil }
        guard bytes.count == 25, bytes[19] == 0x2B || bytes[19] == 0x2D, bytes[22] == 0x3A,
            let hours = number(bytes[20..<22], below: 24),
            let minutes = number(bytes[23..<25], below: 60)
        else { return nil }
        let offset = Int64(hours * 3_600 + minutes * 60)
        return bytes[19] == 0x2B ? local - offset : local + offset
    }

    private static func number(_ digits: ArraySlice<UInt8>, below bound: Int) -> Int? {
        var number = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            number = number * 10 + Int(digit - 0x30)
        }
        return number < bound ? number : nil
    }
}
