import Notation

/// Sentences, broken into lines at their blanks.
enum Prose {
    /// The lines of a text, none wider than `width` unless a single word is; such a word is broken too where
    /// `breaksWords` says so.
    static func lines(_ text: String, width: Int, breaksWords: Bool = false) -> [String] {
        guard text.count > width else { return [text] }
        return lines(of: text.split(separator: " ").map(String.init), width: width, breaksWords: breaksWords)
    }

    /// The same of words that may hold blanks, every line but the first set in.
    static func lines(of words: [String], width: Int, breaksWords: Bool = false, inset: String = "") -> [String] {
        var lines: [String] = []
        for word in words {
            if let last = lines.last, last.count + 1 + word.count <= width {
                lines[lines.count - 1] += " " + word
                continue
            }
            var rest = word[...]
            while breaksWords, width > 0, rest.count > width {
                lines.append(String(rest.prefix(width)))
                rest = rest.dropFirst(width)
            }
            lines.append((lines.isEmpty ? "" : inset) + rest)
        }
        return lines.isEmpty ? [""] : lines
    }
}

/// Text from elsewhere, made fit to be shown: nothing in it can end a line or steer a terminal.
enum Visible {
    /// Control characters, and those that turn the direction of writing, become `\u{…}`.
    static func text(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isHidden) else { return text }
        var shown = ""
        for scalar in text.unicodeScalars {
            if isHidden(scalar) {
                shown += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            } else {
                shown.unicodeScalars.append(scalar)
            }
        }
        return shown
    }

    /// The same of a text of several lines, which stay lines.
    static func lines(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { Visible.text(String($0)) }
            .joined(separator: "\n")
    }

    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        // C0, DEL and C1; line and paragraph separators; marks, embeddings, overrides and isolates of direction.
        case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}

/// How a command is written, in lines for a terminal: the parser makes one line of it, however long.
enum UsageLines {
    /// The same message with its `USAGE:` line broken between arguments.
    static func broken(_ message: String, width: Int = Terminal.standardWidth) -> String {
        message.split(separator: "\n", omittingEmptySubsequences: false)
            .flatMap { line in
                let isUsage = line.hasPrefix("USAGE: ") || line.hasPrefix("Usage: ")
                guard isUsage, line.count > width else { return [String(line)] }
                return Prose.lines(of: parts(of: line), width: width, inset: "    ")
            }
            .joined(separator: "\n")
    }

    /// The words, where what stands in brackets and an option's value are one with what they belong to.
    private static func parts(of usage: Substring) -> [String] {
        var parts: [String] = []
        var depth = 0
        for word in usage.split(separator: " ") {
            let isValue = word.hasPrefix("<") && parts.last?.hasPrefix("--") == true
            if depth > 0 || isValue, let last = parts.indices.last {
                parts[last] += " " + word
            } else {
                parts.append(String(word))
            }
            for character in word { depth += character == "[" ? 1 : character == "]" ? -1 : 0 }
        }
        return parts
    }
}
