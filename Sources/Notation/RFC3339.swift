/// Moments as RFC 3339 writes them.
///
/// The one reader of them, whoever asks: letters may be small, as its section 5.6 allows, a fraction may have any
/// number of digits, of which three count, and an offset is `Z` or in hours and minutes. A leap second is none that a
/// count of seconds since 1970 could name.
package enum RFC3339 {
    /// A moment in seconds since 1970, as in `2027-11-21T08:00:00Z`; years 0000 to 9999.
    package static func text(_ seconds: Int64) -> String? {
        dateAndTime(seconds).map { $0 + "Z" }
    }

    /// A moment in milliseconds since 1970, as in `2026-11-27T19:00:00.123Z`; one outside the years 0000 to 9999
    /// becomes the nearest that is inside.
    package static func text(milliseconds: Int64) -> String {
        let days = CalendarDay.range
        let inside = min(max(milliseconds, days.lowerBound.start * 1_000), days.upperBound.end * 1_000 - 1)
        let (quotient, remainder) = inside.quotientAndRemainder(dividingBy: 1_000)
        let (seconds, rest) = remainder < 0 ? (quotient - 1, remainder + 1_000) : (quotient, remainder)
        return "\(dateAndTime(seconds) ?? "").\(Digits.text(Int(rest), 3))Z"
    }

    /// Reads a moment in whole seconds since 1970, its fraction dropped; nil where the text is none.
    package static func seconds(_ text: String) -> Int64? { read(text)?.seconds }

    /// Reads a moment in milliseconds since 1970; nil where the text is none.
    package static func milliseconds(_ text: String) -> Int64? {
        read(text).map { $0.seconds * 1_000 + $0.milliseconds }
    }

    private static func dateAndTime(_ seconds: Int64) -> String? {
        guard let day = CalendarDay(containing: seconds) else { return nil }
        let second = Int(seconds - day.start)
        let (hours, minutes) = (Digits.text(second / 3_600, 2), Digits.text(second / 60 % 60, 2))
        return "\(day)T\(hours):\(minutes):\(Digits.text(second % 60, 2))"
    }

    private static func read(_ text: String) -> (seconds: Int64, milliseconds: Int64)? {
        var text = Digits(text.utf8)
        guard let day = CalendarDay(&text), text.take(0x54) || text.take(0x74),
            let hour = text.number(2, below: 24), text.take(0x3A),
            let minute = text.number(2, below: 60), text.take(0x3A),
            let second = text.number(2, below: 60),
            let milliseconds = fraction(&text), let offset = offset(&text), text.isAtEnd
        else { return nil }
        return (day.start + Int64(hour * 3_600 + minute * 60 + second - offset), Int64(milliseconds))
    }

    /// The milliseconds of a fraction, where there is one.
    private static func fraction(_ text: inout Digits) -> Int? {
        guard text.take(0x2E) else { return 0 }
        var (milliseconds, weight) = (0, 100)
        guard let first = text.number(1) else { return nil }
        milliseconds = first * weight
        while let digit = text.number(1) {
            weight /= 10
            milliseconds += digit * weight
        }
        return milliseconds
    }

    private static func offset(_ text: inout Digits) -> Int? {
        if text.take(0x5A) || text.take(0x7A) { return 0 }
        let isEast = text.take(0x2B)
        guard isEast || text.take(0x2D), let hours = text.number(2, below: 24), text.take(0x3A),
            let minutes = text.number(2, below: 60)
        else { return nil }
        return (hours * 3_600 + minutes * 60) * (isEast ? 1 : -1)
    }
}

/// A text of numbers with so many digits each, read from its beginning.
struct Digits {
    private var rest: ArraySlice<UInt8>

    init(_ text: some Sequence<UInt8>) { rest = ArraySlice(text) }

    var isAtEnd: Bool { rest.isEmpty }

    /// Goes past a character, where it is this one.
    mutating func take(_ character: UInt8) -> Bool {
        guard rest.first == character else { return false }
        rest.removeFirst()
        return true
    }

    /// Reads a number of exactly so many digits; where there is none, nothing is read.
    mutating func number(_ count: Int, below bound: Int = .max) -> Int? {
        guard rest.count >= count else { return nil }
        var number = 0
        for digit in rest.prefix(count) {
            guard (0x30...0x39).contains(digit) else { return nil }
            number = number * 10 + Int(digit - 0x30)
        }
        guard number < bound else { return nil }
        rest = rest.dropFirst(count)
        return number
    }

    /// A number that is not negative with at least so many digits.
    static func text(_ number: Int, _ count: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, count - digits.utf8.count)) + digits
    }
}

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
