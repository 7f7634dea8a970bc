import Foundation
import Notation
import Testing

@Suite struct Times {
    @Test(arguments: [
        ("1970-01-01", 0), ("0000-01-01", -719_528), ("9999-12-31", 2_932_896), ("2000-02-29", 11_016),
        ("2026-11-21", 20_778), ("1969-12-31", -1), ("1900-03-01", -25_508),
    ])
    func `a day is read and written`(text: String, days: Int) {
        #expect(CalendarDay(text)?.daysSinceEpoch == days)
        #expect(CalendarDay(daysSinceEpoch: days)?.description == text)
    }

    @Test(arguments: [
        "", "2026-11-2", "2026-11-021", "2026-13-01", "2026-00-01", "2026-11-31", "2025-02-29", "1900-02-29",
        "2026-11-00",
        "2026/11/21", "20261121", "+026-11-21", "２026-11-21", "10000-01-01",
    ])
    func `what is no day is refused`(text: String) {
        #expect(CalendarDay(text) == nil)
    }

    @Test func `days agree with Foundation's calendar`() throws {
        let style = Date.ISO8601FormatStyle(timeZone: .gmt).year().month().day()
        for days in stride(from: -100_000, through: 200_000, by: 37) {
            let date = Date(timeIntervalSince1970: Double(days) * 86_400)
            #expect(CalendarDay(daysSinceEpoch: days)?.description == date.formatted(style))
        }
    }

    @Test func `a day begins at its first second and ends before the next one's`() throws {
        let day = try #require(CalendarDay("2026-11-21"))
        #expect(CalendarDay(containing: day.start) == day)
        #expect(CalendarDay(containing: day.end - 1) == day)
        #expect(CalendarDay(containing: day.end)?.description == "2026-11-22")
        #expect(CalendarDay(containing: -1)?.description == "1969-12-31")
    }

    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2022-10-16T19:58:04Z", 1_665_950_284), ("1969-12-31T23:59:59Z", -1),
            ("2026-11-21T08:00:00+01:00", 1_795_244_400), ("2026-11-21T08:00:00-05:30", 1_795_267_800),
            ("2026-11-21T07:00:00.5Z", 1_795_244_400), ("2026-11-21t08:00:00.999999999+01:00", 1_795_244_400),
            ("2026-11-21t07:00:00z", 1_795_244_400), ("2026-11-21T07:00:00.000z", 1_795_244_400),
        ] as [(String, Int64)]
    )
    func `a time is read and written`(text: String, seconds: Int64) {
        #expect(RFC3339.seconds(text) == seconds)
        #expect(RFC3339.text(seconds).flatMap { RFC3339.seconds($0) } == seconds)
        if text.count == 20, text.hasSuffix("Z") { #expect(RFC3339.text(seconds) == text) }
    }

    @Test(arguments: [
        "2026-11-21", "2026-11-21T08:00:00", "2026-11-21 08:00:00Z", "2026-11-21T08:00:60Z", "2026-11-21T24:00:00Z",
        "2026-11-21T08:60:00Z", "2026-11-21T08:00:00+0100", "2026-11-21T08:00:00+01:60",
        "2026-02-30T08:00:00Z", "2026-11-21T08:00:00.Z", "2026-11-21T08:00:00.5", "2026-11-21T08:00:00,5Z",
        "2026-11-21T08:00:00.5X", "2026-11-21T08:00:00.5+01:00:00", "2026-11-21T08:00:00.５Z", "2026-11-21t08:00:00.-5z",
    ])
    func `what is no time is refused`(text: String) {
        #expect(RFC3339.seconds(text) == nil)
    }

    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (951_782_400_001, "2000-02-29T00:00:00.001Z"),
            (1_795_806_000_123, "2026-11-27T19:00:00.123Z"), (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
            (-1, "1969-12-31T23:59:59.999Z"), (-2_208_988_800_000, "1900-01-01T00:00:00.000Z"),
        ] as [(Int64, String)]
    )
    func `a moment is written and read back`(milliseconds: Int64, text: String) {
        #expect(RFC3339.text(milliseconds: milliseconds) == text)
        #expect(RFC3339.milliseconds(text) == milliseconds)
    }

    @Test(
        arguments: [
            ("2026-11-27T20:00:00+01:00", 1_795_806_000_000), ("2026-11-27t14:30:00.5-04:30", 1_795_806_000_500),
            ("2026-11-27T19:00:00.123456789Z", 1_795_806_000_123),
            ("2026-11-27T19:00:00.0009999999999999999999z", 1_795_806_000_000), ("2026-02-29T00:00:00Z", nil),
            ("2026-13-01T00:00:00Z", nil),
            ("2026-11-27T24:00:00Z", nil), ("2026-11-27T19:00:00", nil), ("2026-11-27T19:00:00.Z", nil),
            ("2026-11-27", nil), ("2026-11-27T19:00:00Zx", nil), ("2026-11-27T19:00:00+1:00", nil), ("", nil),
        ] as [(String, Int64?)]
    )
    func `what others write is read, or refused`(text: String, milliseconds: Int64?) {
        #expect(RFC3339.milliseconds(text) == milliseconds)
    }

    @Test func `what has no year of four digits is no text, or the nearest`() {
        #expect(RFC3339.text(CalendarDay.range.upperBound.end - 1) == "9999-12-31T23:59:59Z")
        #expect(RFC3339.text(CalendarDay.range.upperBound.end) == nil)
        #expect(RFC3339.text(milliseconds: .max) == "9999-12-31T23:59:59.999Z")
        #expect(RFC3339.text(milliseconds: .min) == "0000-01-01T00:00:00.000Z")
    }

    @Test func `a day knows its place in the week`() throws {
        for (text, weekday) in [("1970-01-01", 4), ("1969-12-31", 3), ("0000-01-01", 6), ("2026-11-29", 0)] {
            #expect(try #require(CalendarDay(text)).weekday == weekday, "\(text)")
        }
    }
}
