/// Moments as RFC 3339 writes them, in UTC.
package enum Timestamp {
    /// A moment in milliseconds since 1970, such as `2026-11-27T19:00:00.123Z`.
    package static func text(milliseconds: Int64) -> String {
        let (seconds, rest) = milliseconds.flooredQuotient(by: 1_000)
        return "\(dateAndTime(seconds)).\(padded(rest, to: 3))Z"
    }

    /// A moment in seconds since 1970, such as `2026-11-27T19:00:00Z`.
    package static func text(seconds: Int64) -> String { dateAndTime(seconds) + "Z" }

    /// Reads a moment with `Z` or an offset and at most nine digits of fraction, in milliseconds since 1970; nil where the
    /// text is none.
    package static func milliseconds(_ text: String) -> Int64? {
        var rest = Array(text.utf8)[...]
        guard let year = number(&rest, digits: 4), take("-", from: &rest),
            let month = number(&rest, digits: 2), (1...12).contains(month), take("-", from: &rest),
            let day = number(&rest, digits: 2), (1...length(of: month, in: year)).contains(day),
            take("T", from: &rest) || take("t", from: &rest),
            let hour = number(&rest, digits: 2), hour < 24, take(":", from: &rest),
            let minute = number(&rest, digits: 2), minute < 60, take(":", from: &rest),
            let second = number(&rest, digits: 2), second < 60,
            let fraction = fraction(&rest), let offset = offset(&rest), rest.isEmpty
        else { return nil }
        let days = days(year, month, day)
        return (days * 86_400 + hour * 3_600 + minute * 60 + second - offset) * 1_000 + fraction
    }

    private static func number(_ text: inout ArraySlice<UInt8>, digits: Int) -> Int64? {
        guard text.count >= digits else { return nil }
        var number: Int64 = 0
        for _ in 0..<digits {
            guard let byte = text.popFirst(), (0x30...0x39).contains(byte) else { return nil }
            number = number * 10 + Int64(byte - 0x30)
        }
        return number
    }

    private static func take(_ character: Unicode.Scalar, from text: inout ArraySlice<UInt8>) -> Bool {
        guard text.first == UInt8(ascii: character) else { return false }
        text.removeFirst()
        return true
    }

    /// The milliseconds of a fraction, where there is one.
    private static func fraction(_ text: inout ArraySlice<UInt8>) -> Int64? {
        guard take(".", from: &text) else { return 0 }
        let digits = text.prefix { (0x30...0x39).contains($0) }
        guard (1...9).contains(digits.count) else { return nil }
        text = text.dropFirst(digits.count)
        return digits.prefix(3).reduce(0) { $0 * 10 + Int64($1 - 0x30) } * [0, 100, 10, 1][min(digits.count, 3)]
    }

    private static func offset(_ text: inout ArraySlice<UInt8>) -> Int64? {
        if take("Z", from: &text) || take("z", from: &text) { return 0 }
        let isEast = take("+", from: &text)
        guard isEast || take("-", from: &text), let hours = number(&text, digits: 2), hours < 24,
            take(":", from: &text), let minutes = number(&text, digits: 2), minutes < 60
        else { return nil }
        return (hours * 3_600 + minutes * 60) * (isEast ? 1 : -1)
    }

    private static func dateAndTime(_ seconds: Int64) -> String {
        let (day, second) = seconds.flooredQuotient(by: 86_400)
        // The civil calendar, counted in eras of 400 years that begin with March.
        let (era, dayOfEra) = (day + 719_468).flooredQuotient(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let date = dayOfYear - (153 * shifted + 2) / 5 + 1
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return "\(padded(year, to: 4))-\(padded(month, to: 2))-\(padded(date, to: 2))"
            + "T\(padded(second / 3_600, to: 2)):\(padded(second / 60 % 60, to: 2)):\(padded(second % 60, to: 2))"
    }

    /// Days since 1970.
    private static func days(_ year: Int64, _ month: Int64, _ date: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = shifted.flooredQuotient(by: 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + date - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func length(of month: Int64, in year: Int64) -> Int64 {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    }

    private static func padded(_ number: Int64, to digits: Int) -> String {
        let text = "\(number)"
        return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
    }
}

extension Int64 {
    /// The quotient rounded down and what is left, which is never negative.
    fileprivate func flooredQuotient(by divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
