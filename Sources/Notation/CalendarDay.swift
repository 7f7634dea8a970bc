/// A day of the proleptic Gregorian calendar in UTC, written `YYYY-MM-DD`.
package struct CalendarDay: Hashable, Sendable {
    /// Days since 1970-01-01.
    package let daysSinceEpoch: Int

    /// The days that have a written form: years 0000 to 9999.
    package static let range = CalendarDay(year: 0, month: 1, day: 1)...CalendarDay(year: 9999, month: 12, day: 31)

    private static let secondsPerDay: Int64 = 86_400

    /// Takes a stored day; nil outside ``range``.
    package init?(daysSinceEpoch: Int) {
        guard (-719_528...2_932_896).contains(daysSinceEpoch) else { return nil }
        self.daysSinceEpoch = daysSinceEpoch
    }

    /// The day on which an instant falls, `seconds` since 1970; nil outside ``range``.
    package init?(containing seconds: Int64) {
        let day = seconds / Self.secondsPerDay - (seconds % Self.secondsPerDay < 0 ? 1 : 0)
        self.init(daysSinceEpoch: Int(day))
    }

    /// Reads `YYYY-MM-DD`, or returns nil where the text is no such day.
    package init?(_ text: some StringProtocol) {
        var digits = Digits(text.utf8)
        guard let day = CalendarDay(&digits), digits.isAtEnd else { return nil }
        self = day
    }

    /// Reads the day that stands next.
    init?(_ text: inout Digits) {
        guard let year = text.number(4), text.take(0x2D),
            let month = text.number(2), (1...12).contains(month), text.take(0x2D),
            let day = text.number(2), (1...Self.length(ofMonth: month, in: year)).contains(day)
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    // Days of the civil calendar, counted from a year that starts in March so that the leap day comes last; 719,468
    // days lie between 0000-03-01 and 1970-01-01.
    private init(year: Int, month: Int, day: Int) {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        daysSinceEpoch = era * 146_097 + dayOfEra - 719_468
    }

    /// The first second of the day, since 1970.
    package var start: Int64 { Int64(daysSinceEpoch) * Self.secondsPerDay }

    /// The first second after the day, since 1970.
    package var end: Int64 { start + Self.secondsPerDay }

    /// The day of the week; 0 is Sunday.
    package var weekday: Int {
        // 1970-01-01 was a Thursday.
        let rest = (daysSinceEpoch + 4) % 7
        return rest < 0 ? rest + 7 : rest
    }

    /// The year, the month from 1 to 12 and the day from 1 to 31.
    package var components: (year: Int, month: Int, day: Int) {
        let shifted = daysSinceEpoch + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }

    private static func length(ofMonth month: Int, in year: Int) -> Int {
        switch month {
        case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

extension CalendarDay: Comparable {
    /// Orders by time.
    package static func < (left: CalendarDay, right: CalendarDay) -> Bool {
        left.daysSinceEpoch < right.daysSinceEpoch
    }
}

extension CalendarDay: CustomStringConvertible {
    /// The day as `YYYY-MM-DD`.
    package var description: String {
        let (year, month, day) = components
        return "\(Digits.text(year, 4))-\(Digits.text(month, 2))-\(Digits.text(day, 2))"
    }
}
