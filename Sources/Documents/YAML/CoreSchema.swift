import Notation

/// What plain scalars are by YAML 1.2's core schema (YAML 1.2.2 section 10.3.2); JSON's words are among them.
package enum CoreSchema {
    /// `null`, `Null`, `NULL`, `~` or nothing.
    package static func isNull(_ text: String) -> Bool {
        text.isEmpty || text == "~" || text == "null" || text == "Null" || text == "NULL"
    }

    /// `true` and `false`, all in small letters, with a capital, or all in capitals; nothing else is a truth value.
    package static func flag(_ text: String) -> Bool? {
        switch text {
        case "true", "True", "TRUE": true
        case "false", "False", "FALSE": false
        default: nil
        }
    }

    /// A whole number: decimal with a sign or without, `0o` and octal digits, `0x` and hexadecimal ones.
    package static func integer(_ text: String) -> Int? {
        if text.hasPrefix("0o") { return digits(text.dropFirst(2), radix: 8) }
        if text.hasPrefix("0x") { return digits(text.dropFirst(2), radix: 16) }
        return Int(text)
    }

    /// Swift's own reader takes a sign in the middle, which the schema does not.
    private static func digits(_ text: Substring, radix: Int) -> Int? {
        guard let first = text.utf8.first, first != 0x2B, first != 0x2D else { return nil }
        return Int(text, radix: radix)
    }

    /// A number that is finite, in any of the schema's forms.
    package static func number(_ text: String) -> Double? {
        if let whole = integer(text) { return Double(whole) }
        guard let form = DecimalForm(text), form.whole + (form.fraction ?? 0) > 0 else { return nil }
        // `.5` and `5.` are numbers of the schema; Swift's reader wants a digit on both sides in some versions.
        return Double(text.hasSuffix(".") ? text + "0" : text)
    }
}

/// How a text writes a decimal number: a sign, digits, a point and digits, an exponent; each may be left out.
///
/// A pattern would cost a hundred times as much.
struct DecimalForm {
    let hasPlus: Bool
    let startsWithZero: Bool
    /// How many digits stand before the point.
    let whole: Int
    /// How many stand behind it, where there is one.
    let fraction: Int?

    /// Nil where something else stands there, or an exponent without digits.
    init?(_ text: String) {
        var rest = text.utf8[...]
        func take(_ mark: UInt8, _ other: UInt8) -> Bool {
            guard let first = rest.first, first == mark || first == other else { return false }
            rest = rest.dropFirst()
            return true
        }
        func digits() -> Int {
            let count = rest.prefix(while: \.isASCIIDigit).count
            rest = rest.dropFirst(count)
            return count
        }
        hasPlus = rest.first == 0x2B
        _ = take(0x2B, 0x2D)
        startsWithZero = rest.first == 0x30
        whole = digits()
        fraction = take(0x2E, 0x2E) ? digits() : nil
        if take(0x45, 0x65) {
            _ = take(0x2B, 0x2D)
            guard digits() > 0 else { return nil }
        }
        guard rest.isEmpty else { return nil }
    }
}
