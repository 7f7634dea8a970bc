/// A moment as a `Date` field shows it: an IMF-fixdate such as `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 section
/// 5.6.7).
///
/// It is made once a second and appended to every answer of that second; who makes it owns the clock.
package struct HTTPDate: Equatable, Sendable {
    /// The moment in seconds since 1970, leap seconds not counted, within the years 1 to 9999.
    package let unixSeconds: Int64
    /// The 29 octets of the date.
    package let bytes: [UInt8]

    /// 0001-01-01 00:00:00 to 9999-12-31 23:59:59: what four digits of a year can say.
    private static let range: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

    /// Formats a moment; one outside the years 1 to 9999 becomes the nearest that is inside.
    package init(unixSeconds: Int64) {
        let seconds = min(max(unixSeconds, Self.range.lowerBound), Self.range.upperBound)
        self.unixSeconds = seconds
        let secondsOfDay = Int(seconds - Self.startOfDay(seconds))
        let day = CivilDay(daysSince1970: Int(Self.startOfDay(seconds) / 86_400))
        var text: [UInt8] = []
        text.reserveCapacity(29)
        text += Self.weekdays[day.weekday].utf8
        text += ", ".utf8
        text.appendDecimal(day.day, width: 2)
        text.append(.space)
        text += Self.months[day.month - 1].utf8
        text.append(.space)
        text.appendDecimal(day.year, width: 4)
        text.append(.space)
        text.appendDecimal(secondsOfDay / 3_600, width: 2)
        text.append(UInt8(ascii: ":"))
        text.appendDecimal(secondsOfDay / 60 % 60, width: 2)
        text.append(UInt8(ascii: ":"))
        text.appendDecimal(secondsOfDay % 60, width: 2)
        text += " GMT".utf8
        bytes = text
    }

    private static func startOfDay(_ seconds: Int64) -> Int64 {
        let remainder = seconds % 86_400
        return seconds - (remainder < 0 ? remainder + 86_400 : remainder)
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}

extension HTTPDate: CustomStringConvertible {
    /// The date's text.
    package var description: String {
        String(decoding: bytes, as: UTF8.self)
    }
}

/// A day of the Gregorian calendar.
private struct CivilDay {
    let year: Int
    /// 1 to 12.
    let month: Int
    /// 1 to 31.
    let day: Int
    /// 0 is Sunday.
    let weekday: Int

    /// Counts from 1 March of the year 0, so that a leap day is the last day of its year, of its four years and of its
    /// four centuries.
    ///
    /// Not for days before that date.
    init(daysSince1970 days: Int) {
        let epoch = 719_468
        var rest = days + epoch
        // 1 March of the year 0 was a Wednesday.
        weekday = (rest + 3) % 7
        let cycles = rest / 146_097
        rest %= 146_097
        let centuries = min(rest / 36_524, 3)
        rest -= centuries * 36_524
        let leaps = rest / 1_461
        rest %= 1_461
        let years = min(rest / 365, 3)
        rest -= years * 365
        // From March on, months have 31, 30, 31, 30, 31 days, and again: 153 in five of them.
        let monthFromMarch = (5 * rest + 2) / 153
        day = rest - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = cycles * 400 + centuries * 100 + leaps * 4 + years + (month <= 2 ? 1 : 0)
    }
}
