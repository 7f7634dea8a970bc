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
    /// Units come from the largest to the smallest, each at most once. Behind the first a number is less than one of
    /// the next larger unit, and only the last number may have a fraction.
    package static func parse(_ text: String) -> Duration? { try? read(text) }

    /// What is wrong with a text that is none.
    package static func refusal(of text: String) -> String {
        "\(VisibleText.quoted(text)) is no duration: \(fault(in: text))"
    }

    /// The same without the text, for whoever has shown it: what is against it, and what it must look like.
    package static func fault(in text: String) -> String {
        do throws(Defect) {
            _ = try read(text)
            return form
        } catch {
            return error.reason.map { "\($0); it is \(form)" } ?? form
        }
    }

    /// Why a text is none; without a reason it does not have the form at all.
    private struct Defect: Error {
        var reason: String?
    }

    private static func read(_ text: String) throws(Defect) -> Duration {
        var rest = Substring(text)
        var units = units[...]
        var sum = Duration.zero
        repeat {
            let (number, isWhole) = try number(&rest)
            let name = rest.prefix { $0.isASCII && $0.isLetter }
            rest = rest.dropFirst(name.count)
            guard let index = Self.units.firstIndex(where: { $0.name == name }) else { throw Defect() }
            guard units.indices.contains(index) else {
                throw Defect(reason: "units come from the largest to the smallest, each once")
            }
            guard isWhole || rest.isEmpty else { throw Defect(reason: "only the last number has a fraction") }
            let unit = units[index]
            guard units.startIndex == 0 || number.whole < unit.limit else {
                throw Defect(reason: "behind a larger unit there are \(unit.limit - 1)\(unit.name) at most")
            }
            sum += number.of(unit.milliseconds)
            units = units[(index + 1)...]
        } while !rest.isEmpty
        return sum
    }

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

    private static func number(_ rest: inout Substring) throws(Defect) -> (Decimal, isWhole: Bool) {
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        guard !digits.isEmpty else { throw Defect() }
        guard let whole = Int64(digits), whole <= largestNumber else {
            throw Defect(reason: "no number in it is over \(largestNumber)")
        }
        rest = rest.dropFirst(digits.count)
        guard rest.first == "." else { return (Decimal(whole: whole, billionths: 0), true) }
        let decimals = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
        guard !decimals.isEmpty else { throw Defect() }
        guard decimals.count <= mostDecimals else {
            throw Defect(reason: "a fraction has \(mostDecimals) digits at most")
        }
        rest = rest.dropFirst(1 + decimals.count)
        let padded = decimals + String(repeating: "0", count: mostDecimals - decimals.count)
        return (Decimal(whole: whole, billionths: Int64(padded) ?? 0), false)
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
