import IO

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
