/// How a command is written, in lines for a terminal: the parser makes one line of it, however long.
enum UsageLines {
    /// The same message with its `USAGE:` line broken between arguments.
    static func broken(_ message: String, width: Int = Terminal.standardWidth) -> String {
        message.split(separator: "\n", omittingEmptySubsequences: false)
            .flatMap { line in
                let isUsage = line.hasPrefix("USAGE: ") || line.hasPrefix("Usage: ")
                return isUsage && line.count > width ? lines(of: line, width) : [String(line)]
            }
            .joined(separator: "\n")
    }

    private static func lines(of usage: Substring, _ width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for part in parts(of: usage) {
            if line.isEmpty {
                line = part
            } else if line.count + 1 + part.count <= width {
                line += " " + part
            } else {
                lines.append(line)
                line = "    " + part
            }
        }
        return lines + [line]
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
