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
            forms.append(
                String(digits[..<index]) + "[\(least)-\(value - 1)]" + (rest > 0 ? "[0-9]{\(rest)}" : "")
            )
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
    static let hostNameOrBelow: String = {
        let label = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
        return whole("(\\*\\.)?\(label)(\\.\(label))*")
    }()

    /// A name as a ClientHello may bring it, with or without a dot at its end, or `*.` and the names below which any is meant.
    static let serverNameOrBelow: String = {
        let label = "[A-Za-z0-9_-]{1,63}"
        return whole("(\\*\\.)?\(label)(\\.\(label))*\\.?")
    }()

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
    static let fieldName =
        "^(?!([Cc][Oo][Nn][Tt][Ee][Nn][Tt]-[Ll][Ee][Nn][Gg][Tt][Hh]"
        + "|[Tt][Rr][Aa][Nn][Ss][Ff][Ee][Rr]-[Ee][Nn][Cc][Oo][Dd][Ii][Nn][Gg]"
        + "|[Cc][Oo][Nn][Nn][Ee][Cc][Tt][Ii][Oo][Nn]|[Dd][Aa][Tt][Ee]|[Ss][Ee][Rr][Vv][Ee][Rr])$)"
        + "[0-9A-Za-z!#$%&'*+.^_`|~-]+$"

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
