import SoftToken

/// A value of a document on its way out.
enum DocumentValue {
    /// A field of a mapping.
    typealias Field = (name: String, value: DocumentValue)

    /// A text of our own vocabulary, which YAML needs no quotes for unless it starts with a mark.
    case word(String)
    /// A text that someone else chose.
    case text(String)
    case number(Int)
    case flag(Bool)
    case list([DocumentValue])
    case map([Field])

    /// The mapping with one more member, a list of words.
    func adding(_ name: String, _ words: [String]) -> DocumentValue {
        guard case .map(let fields) = self else { return self }
        return .map(fields + [(name, .list(words.map { .word($0) }))])
    }

    var yaml: String {
        switch self {
        case .word(let word): word.hasPrefix("-") ? Self.quoted(word) : word
        case .list(let values): "[" + values.map(\.yaml).joined(separator: ", ") + "]"
        case .map(let fields): "{ " + fields.map { "\($0.name): \($0.value.yaml)" }.joined(separator: ", ") + " }"
        default: json
        }
    }

    var json: String {
        switch self {
        case .word(let text): Self.quoted(text)
        case .text(let text): Self.quoted(text)
        case .number(let number): String(number)
        case .flag(let flag): flag ? "true" : "false"
        case .list(let values): "[" + values.map(\.json).joined(separator: ", ") + "]"
        case .map(let fields):
            "{ " + fields.map { "\"\($0.name)\": \($0.value.json)" }.joined(separator: ", ") + " }"
        }
    }

    /// The text in double quotes, which JSON and YAML both read.
    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            // Controls, the marks that would look like YAML's aliases, and what YAML takes for a line's end or can't
            // print.
            case "\0"..."\u{1F}", "\u{7F}"..."\u{9F}", "&", "*", "\u{2028}", "\u{2029}", "\u{FEFF}", "\u{FFFE}",
                "\u{FFFF}":
                let digits = String(scalar.value, radix: 16, uppercase: true)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
