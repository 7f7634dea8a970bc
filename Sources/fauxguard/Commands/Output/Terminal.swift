import FoundationEssentials
import IO
import Notation

/// Where output goes: to a person's terminal, with a width and colours, or to a file or a program, with neither.
struct Terminal {
    /// How a piece of text stands out.
    enum Style: String {
        case heading = "1"
        case good = "32"
        case bad = "31"
        case faint = "2"
    }

    let isTerminal: Bool
    /// Columns to fit into; nil for as many as it takes.
    let columns: Int?
    let hasColor: Bool

    /// The width of a terminal that does not tell its own, and of sentences where there is none.
    static let standardWidth = 80

    /// The width that sentences are broken to.
    var proseWidth: Int { columns ?? Self.standardWidth }

    /// What is at the other end of a standard stream.
    init(_ descriptor: CInt) {
        let environment = ProcessInfo.processInfo.environment
        isTerminal = StandardStream.isTerminal(descriptor)
        columns = isTerminal ? StandardStream.columns(of: descriptor) ?? Self.standardWidth : nil
        // https://no-color.org: present and not empty.
        hasColor = isTerminal && environment["NO_COLOR", default: ""].isEmpty && environment["TERM"] != "dumb"
    }

    /// The text in a style, where there are colours.
    func styled(_ text: String, _ style: Style?) -> String {
        guard hasColor, let style else { return text }
        return "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m"
    }
}

/// A bar that fills while something goes to the server; on a terminal only.
struct ProgressBar {
    private let terminal: Terminal
    private let title: String
    private var shown = -1

    private static let width = 30
    /// Below this, it is over before anybody has looked.
    private static let smallest = 256 * 1024

    init(_ title: String, bytes total: Int) {
        terminal = Terminal(StandardStream.error)
        self.title = title
        self.total = total
    }

    private let total: Int

    /// Redraws it where that changes anything.
    mutating func show(_ done: Int) {
        guard terminal.isTerminal, total >= Self.smallest else { return }
        let percent = done * 100 / max(total, 1)
        guard percent != shown else { return }
        shown = percent
        let filled = percent * Self.width / 100
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: Self.width - filled)
        write("\r\(title) [\(bar)] \(percent) %")
    }

    /// Clears its line.
    func finish() {
        if shown >= 0 { write("\r\u{1B}[K") }
    }

    private func write(_ text: String) {
        StandardStream.write(Array(text.utf8), to: StandardStream.error)
    }
}
