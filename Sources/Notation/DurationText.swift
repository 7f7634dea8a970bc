/// Durations as people write them: numbers with `ms`, `s`, `m`, `h` or `d`.
///
/// The one reader of them, whoever asks: the command line, settings, fault rules in any document.
package enum DurationText {
    /// What a text must look like.
    package static let form = "a number and ms, s, m, h or d, such as 250ms, 1.5h or 2d12h"

    /// A unit, and how many of it make one of the next larger.
    package struct Unit: Sendable {
        /// How it is written.
        package let name: String
        /// How many milliseconds it has.
        package let milliseconds: Int64
        /// A number behind a larger unit is below this: `1h30m`, and not `1h90m`.
        package let limit: Int64
    }

    /// The units, the largest first.
    package static let units = [
        Unit(name: "d", milliseconds: 86_400_000, limit: .max), Unit(name: "h", milliseconds: 3_600_000, limit: 24),
        Unit(name: "m", milliseconds: 60_000, limit: 60), Unit(name: "s", milliseconds: 1000, limit: 60),
        Unit(name: "ms", milliseconds: 1, limit: 1000),
    ]
    /// Nobody waits for longer, and what is longer overflows somewhere.
    package static let largestNumber: Int64 = 1_000_000_000
    /// How many digits a fraction has at most.
    package static let mostDecimals = 9

    /// Reads `250ms`, `0.5s`, `10m`, `1.5h`, `2d12h`; nil for anything else.
    ///
    /// Units come from the largest to the smallest, each at most once. Behind the first a number is less than one of the next
    /// larger unit, and only the last number may have a fraction.
    package static func parse(_ text: String) -> Duration? {
        var rest = Substring(text)
        var units = units[...]
        var sum = Duration.zero
        repeat {
            guard let (number, isWhole) = number(&rest) else { return nil }
            let name = rest.prefix { $0.isASCII && $0.isLetter }
            rest = rest.dropFirst(name.count)
            guard let index = units.firstIndex(where: { $0.name == name }), isWhole || rest.isEmpty else { return nil }
            guard units.startIndex == 0 || number.whole < units[index].limit else { return nil }
            sum += number.of(units[index].milliseconds)
            units = units[(index + 1)...]
        } while !rest.isEmpty
        return sum
    }

    /// What is wrong with a text that is none.
    package static func refusal(of text: String) -> String { "\"\(text)\" is no duration: \(form)" }

    /// A number with its decimals apart, so that nothing is lost to rounding.
    private struct Decimal {
        var whole: Int64
        /// The fraction in units of 10 to the power of -9.
        var billionths: Int64

        func of(_ milliseconds: Int64) -> Duration {
            // A billionth of a millisecond is a million attoseconds.
            let (high, low) = (milliseconds * billionths / 1_000_000_000, milliseconds * billionths % 1_000_000_000)
            return .milliseconds(whole * milliseconds + high)
                + Duration(secondsComponent: 0, attosecondsComponent: low * 1_000_000)
        }
    }

    private static func number(_ rest: inout Substring) -> (Decimal, isWhole: Bool)? {
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        guard let whole = Int64(digits), whole <= largestNumber else { return nil }
        rest = rest.dropFirst(digits.count)
        guard rest.first == "." else { return (Decimal(whole: whole, billionths: 0), true) }
        let decimals = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
        guard (1...mostDecimals).contains(decimals.count) else { return nil }
        rest = rest.dropFirst(1 + decimals.count)
        let padded = decimals + String(repeating: "0", count: mostDecimals - decimals.count)
        return Int64(padded).map { (Decimal(whole: whole, billionths: $0), false) }
    }

    /// Writes a duration in the largest unit that holds it exactly.
    package static func format(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        guard attoseconds == 0 else {
            let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
            let billionths = attoseconds % 1_000_000_000_000_000 / 1_000_000
            guard billionths != 0 else { return "\(milliseconds)ms" }
            var decimals = String(billionths)
            decimals = String(repeating: "0", count: mostDecimals - decimals.count) + decimals
            while decimals.hasSuffix("0") { decimals.removeLast() }
            return "\(milliseconds).\(decimals)ms"
        }
        for unit in units.prefix(3) where seconds != 0 && seconds % (unit.milliseconds / 1000) == 0 {
            return "\(seconds / (unit.milliseconds / 1000))\(unit.name)"
        }
        return "\(seconds)s"
    }
}
