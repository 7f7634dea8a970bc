import Notation

/// Regular expressions for the values that texts carry, so that a machine can make one that the API's readers take.
///
/// They are anchored at both ends, and of the syntax that ECMA-262 and every validator share.
enum Patterns {
    /// `0` to `bound` in decimal, without leading zeros.
    static func number(upTo bound: Int) -> String {
        let digits = Array(String(bound))
        var forms = digits.count > 1 ? ["[0-9]"] : []
        for length in 2..<max(2, digits.count) { forms.append("[1-9][0-9]{\(length - 1)}") }
        // Those as long as the bound: equal to it up to a digit that is smaller, and anything behind that.
        for (index, digit) in digits.enumerated() {
            let least = index == 0 && digits.count > 1 ? 1 : 0
            guard let value = digit.wholeNumberValue, value > least else { continue }
            let rest = digits.count - index - 1
            forms.append(String(digits[..<index]) + "[\(least)-\(value - 1)]" + (rest > 0 ? "[0-9]{\(rest)}" : ""))
        }
        return "(\((forms + [String(digits)]).joined(separator: "|")))"
    }

    /// An address of either family, or a block of them.
    static let addressBlock = whole(block)

    /// `HOST:PORT` with the address of a host, and the proxies that speak for others there.
    static let listener = whole("(\(v4)|\\[\(v6)\\]):\(number(upTo: 65_535))(,proxy=(\(block)))*")

    private static let block = "\(v4)(/\(number(upTo: 32)))?|\(v6)(/\(number(upTo: 128)))?"

    /// A serial, or the beginning of one and a star.
    static let serialOrPrefix = whole("[A-Z0-9-]{1,16}|[A-Z0-9-]{0,16}\\*")

    /// The name of a host in a ClientHello, or `*.` and the names below which any is meant.
    static let hostNameOrBelow = name(of: "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")

    /// A name as a ClientHello may bring it, with or without a dot at its end, or `*.` and the names below which any is
    /// meant.
    static let serverNameOrBelow = name(of: "[A-Za-z0-9_-]{1,63}", end: "\\.?")

    private static func name(of label: String, end: String = "") -> String {
        whole("(\\*\\.)?\(label)(\\.\(label))*\(end)")
    }

    /// A JA4 fingerprint of TLS over TCP.
    static let fingerprint =
        "^[Tt](10|11|12|13|00|[Ss]2|[Ss]3)[DIdi][0-9]{4}[0-9A-Za-z]{2}_[0-9A-Fa-f]{12}_[0-9A-Fa-f]{12}$"

    /// A path, or the beginning of one and a star.
    static let pathOrPrefix = whole("/[!\"$-)+->@-~]*\\*?")

    /// A time of RFC 3339 in whole seconds, in a year that `year` matches.
    static func time(year: String = "[0-9]{4}") -> String {
        whole("\(year)-\(day)T\(clock)(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])")
    }

    /// The value of a field of HTTP: nothing that ends a line, and no blank at either end.
    static let fieldValue = "^(\(fieldText))?$"

    /// The same of a field that must say something.
    static let filledFieldValue = "^\(fieldText)$"

    private static let fieldText = "[^\\x00-\\x20\\x7F]([^\\x00-\\x08\\x0A-\\x1F\\x7F]*[^\\x00-\\x20\\x7F])?"

    /// The name of a field of HTTP that a rule may write: a token, and none that frames the answer.
    static let fieldName: String = {
        let framing = ["content-length", "transfer-encoding", "connection", "date", "server"]
            .map { name in name.map { $0.isLetter ? "[\($0.uppercased())\($0)]" : "\($0)" }.joined() }
        return "^(?!(\(framing.joined(separator: "|")))$)[0-9A-Za-z!#$%&'*+.^_`|~-]+$"
    }()

    /// Where a field stands in an answer, such as `tokens[0].license`.
    static let fieldPath: String = {
        let step = "[^.\\[]+(\\[(\\*|[0-9]{1,18})\\])*"
        return whole("\(step)(\\.\(step))*")
    }()

    /// The whole text is one of these.
    static func whole(_ forms: String) -> String { "^(\(forms))$" }

    private static let v4 = "(\(number(upTo: 255))\\.){3}\(number(upTo: 255))"
    private static let v6: String = {
        let group = "[0-9A-Fa-f]{1,4}"
        let middle = (1...6).map { "(\(group):){1,\($0)}(:\(group)){1,\(7 - $0)}" }
        let forms = ["(\(group):){7}\(group)", "(\(group):){1,7}:", ":((:\(group)){1,7}|:)"] + middle
        return "(\(forms.joined(separator: "|")))"
    }()
    /// Month and day; the leap day is left to those who know the year.
    private static let day =
        "((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))"
    private static let clock = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
}

/// Durations, exactly as ``DurationText`` reads them: numbers that fall from the largest unit to the smallest.
extension Patterns {
    /// A duration up to so many seconds.
    static func duration(upTo seconds: Int) -> String {
        let forms = DurationText.units.indices.map { bounded($0, Int64(seconds) * 1000, limit: .max, orBelow: false) }
        return whole(forms.joined(separator: "|"))
    }

    /// How long a rule lives: whole seconds, one at least.
    ///
    /// In whole seconds a duration is none where each of its digits is a zero.
    static let lifetime: String = {
        let first = "0*\(number(upTo: Int(DurationText.largestNumber)))"
        let thousands = "0*([0-9]{0,6}000|\(DurationText.largestNumber))(\\.0{1,9})?ms"
        let forms = DurationText.units.dropLast().indices
            .map { index in
                let (unit, smaller) = (DurationText.units[index], wholeSeconds(from: index + 1))
                return "\(first)(\(unit.name)\(smaller)|\(wholeFraction(of: unit))\(unit.name))"
            }
        return "^(?![0.a-z]*$)(\((forms + [thousands]).joined(separator: "|")))$"
    }()

    // MARK: - Up to a bound

    private static let fraction = "\\.[0-9]{1,\(DurationText.mostDecimals)}"

    /// What may stand behind larger units, nothing included, from this unit on: milliseconds as the last, or a larger
    /// unit with a fraction.
    private static func rest(from index: Int, milliseconds: String, fraction: (DurationText.Unit) -> String) -> String {
        let units = DurationText.units[index...].dropLast()
        func optional(_ units: ArraySlice<DurationText.Unit>) -> String {
            units.map { "(\(below($0.limit))\($0.name))?" }.joined()
        }
        var forms = [optional(units) + "(\(milliseconds)ms)?"]
        for (place, unit) in zip(units.indices, units) {
            forms.append(optional(units[..<place]) + "\(below(unit.limit))\(fraction(unit))\(unit.name)")
        }
        return "(\(forms.joined(separator: "|")))"
    }

    /// The same without a bound.
    private static func any(from index: Int) -> String {
        guard index < DurationText.units.count else { return "" }
        return rest(from: index, milliseconds: "\(below(1000))(\(fraction))?") { _ in fraction }
    }

    /// As ``any(from:)``, up to so many milliseconds.
    private static func any(from index: Int, upTo bound: Int64) -> String {
        guard index < DurationText.units.count else { return "" }
        return "(\(bounded(index, bound, limit: DurationText.units[index].limit, orBelow: true)))"
    }

    /// Texts of this unit and smaller ones, or of smaller ones alone, which are less than one of it.
    private static func bounded(_ index: Int, _ bound: Int64, limit: Int64, orBelow: Bool) -> String {
        let unit = DurationText.units[index]
        let (most, rest) = bound.quotientAndRemainder(dividingBy: unit.milliseconds)
        guard most < limit else { return any(from: index) }
        var forms: [String] = []
        if orBelow { forms.append(most > 0 ? any(from: index + 1) : any(from: index + 1, upTo: rest)) }
        if most > 0 {
            forms.append("\(below(most))(\(unit.name)\(any(from: index + 1))|\(fraction)\(unit.name))")
        }
        let part = fractionUp(to: rest, of: unit)
        forms.append("0*\(most)(\(unit.name)\(any(from: index + 1, upTo: rest))|\(part)\(unit.name))")
        return forms.joined(separator: "|")
    }

    /// A number below `limit`, with as many zeros before it as somebody likes.
    private static func below(_ limit: Int64) -> String { "0*\(number(upTo: Int(limit) - 1))" }

    /// A fraction of a unit that is at most so many milliseconds, less than one of the unit.
    private static func fractionUp(to milliseconds: Int64, of unit: DurationText.Unit) -> String {
        let most = DurationText.mostDecimals
        guard milliseconds > 0 else { return "\\.0{1,\(most)}" }
        let text = String(milliseconds * 1_000_000_000 / unit.milliseconds)
        let digits = Array(String(repeating: "0", count: most - text.count) + text).compactMap(\.wholeNumberValue)
        var forms: [String] = []
        for (place, digit) in digits.enumerated() {
            let before = digits[..<place].map(String.init).joined()
            if digit > 0 { forms.append("\(before)[0-\(digit - 1)][0-9]{0,\(most - place - 1)}") }
            forms.append("\(before)\(digit)")
        }
        return "\\.(\(forms.joined(separator: "|")))"
    }

    // MARK: - Whole seconds

    /// What may stand behind larger units and leaves whole seconds, nothing included.
    private static func wholeSeconds(from index: Int) -> String {
        rest(from: index, milliseconds: "0+(\\.0{1,9})?", fraction: wholeFraction)
    }

    /// The fractions of a unit that are whole seconds, each with the zeros that may follow it.
    private static func wholeFraction(of unit: DurationText.Unit) -> String {
        let most = DurationText.mostDecimals
        var (seconds, free) = (Int(unit.milliseconds / 1000), 0)
        // As many digits as the seconds have zeros may be any; behind them what is left of the seconds decides.
        while seconds % 10 == 0 { (seconds, free) = (seconds / 10, free + 1) }
        var forms = [free == 0 ? "0{1,\(most)}" : "[0-9]{1,\(free)}0{0,\(most - free)}"]
        var power = 1
        for length in 1...(most - free) {
            power *= 10
            let step = power / greatestCommonDivisor(power, seconds)
            for number in stride(from: step, to: power, by: step) where number % 10 != 0 {
                let text = String(number)
                let zeros = String(repeating: "0", count: length - text.count)
                forms.append("[0-9]{\(free)}\(zeros)\(text)0{0,\(most - free - length)}")
            }
        }
        return "\\.(\(forms.joined(separator: "|")))"
    }

    private static func greatestCommonDivisor(_ one: Int, _ other: Int) -> Int {
        other == 0 ? one : greatestCommonDivisor(other, one % other)
    }
}
