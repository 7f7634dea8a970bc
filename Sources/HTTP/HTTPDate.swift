import Notation

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
        guard let day = CalendarDay(containing: seconds), let moment = RFC3339.text(seconds) else {
            preconditionFailure("every second of the years 1 to 9999 has a date")
        }
        // `1994-11-06T08:49:37Z` has all digits of it.
        let digits = Array(moment.utf8)
        var text = Array("\(Self.weekdays[day.weekday]), ".utf8)
        text += digits[8..<10]
        text += " \(Self.months[day.components.month - 1]) ".utf8
        text += digits[..<4] + [.space] + digits[11..<19]
        text += " GMT".utf8
        bytes = text
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
