import HTTP
import Testing

@Suite("HTTP date")
struct HTTPDateTests {
    /// The first is the example of RFC 9110 section 5.6.7; the others were formatted with GNU date.
    @Test(
        arguments: [
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
            (951_868_799, "Tue, 29 Feb 2000 23:59:59 GMT"),
            (951_868_800, "Wed, 01 Mar 2000 00:00:00 GMT"),
            (1_709_164_800, "Thu, 29 Feb 2024 00:00:00 GMT"),
            (1_740_787_200, "Sat, 01 Mar 2025 00:00:00 GMT"),
            (1_767_225_599, "Wed, 31 Dec 2025 23:59:59 GMT"),
            (2_147_483_648, "Tue, 19 Jan 2038 03:14:08 GMT"),
            (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
            (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 GMT"),
            (-2_203_891_200, "Thu, 01 Mar 1900 00:00:00 GMT"),
            (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"),
            (-62_135_596_800, "Mon, 01 Jan 0001 00:00:00 GMT"),
        ] as [(Int64, String)]
    )
    func `a moment is formatted as known`(seconds: Int64, text: String) {
        let date = HTTPDate(unixSeconds: seconds)
        #expect(date.description == text)
        #expect(date.bytes.count == 29)
        #expect(date.unixSeconds == seconds)
    }

    @Test(arguments: [(Int64.max, "Fri, 31 Dec 9999 23:59:59 GMT"), (.min, "Mon, 01 Jan 0001 00:00:00 GMT")])
    func `a moment beyond four digits of a year becomes the nearest within`(seconds: Int64, text: String) {
        #expect(HTTPDate(unixSeconds: seconds).description == text)
    }

    /// Counts the calendar up day by day, which needs nothing but the lengths of months.
    @Test func `every day of eight centuries follows the one before it`() {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        var days = 0
        for year in 1970..<2770 {
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            for (month, length) in zip(months, lengths) {
                for day in [1, 15, length] {
                    let count = days + day - 1
                    let padded = day < 10 ? "0\(day)" : "\(day)"
                    let expected = "\(weekdays[count % 7]), \(padded) \(month) \(year) 12:34:56 GMT"
                    let date = HTTPDate(unixSeconds: Int64(count) * 86_400 + 45_296)
                    guard date.description == expected else {
                        Issue.record("\(date) is not \(expected)")
                        return
                    }
                }
                days += length
            }
        }
        #expect(days == 292_194)
    }
}
