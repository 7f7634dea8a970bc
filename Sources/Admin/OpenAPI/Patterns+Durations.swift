import Notation

/// Durations, exactly as ``DurationText`` reads them: numbers that fall from the largest unit to the smallest.
extension Patterns {
    /// A duration up to so many seconds.
    static func duration(upTo seconds: Int) -> String {
        whole(DurationText.units.indices.map { leading($0, upTo: Int64(seconds) * 1000) }.joined(separator: "|"))
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

    /// Texts whose first unit is this one.
    private static func leading(_ index: Int, upTo bound: Int64) -> String {
        bounded(index, bound, limit: .max, orBelow: false)
    }

    /// What may stand behind larger units, nothing included, from this unit on and without a bound.
    private static func any(from index: Int) -> String {
        let units = DurationText.units[index...]
        guard let last = units.last else { return "" }
        func optional(_ units: ArraySlice<DurationText.Unit>) -> String {
            units.map { "(\(below($0.limit))\($0.name))?" }.joined()
        }
        var forms = [optional(units.dropLast()) + "(\(below(last.limit))(\(fraction))?\(last.name))?"]
        for (place, unit) in zip(units.indices, units).dropLast() {
            forms.append(optional(units[..<place]) + "\(below(unit.limit))\(fraction)\(unit.name)")
        }
        return "(\(forms.joined(separator: "|")))"
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
        let units = DurationText.units[index...].dropLast()
        func optional(_ units: ArraySlice<DurationText.Unit>) -> String {
            units.map { "(\(below($0.limit))\($0.name))?" }.joined()
        }
        var forms = [optional(units) + "(0+(\\.0{1,9})?ms)?"]
        for (place, unit) in zip(units.indices, units) {
            forms.append(optional(units[..<place]) + "\(below(unit.limit))\(wholeFraction(of: unit))\(unit.name)")
        }
        return "(\(forms.joined(separator: "|")))"
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
