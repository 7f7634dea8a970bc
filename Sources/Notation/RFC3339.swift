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
