/// Which columns of a table are shown, and how wide: what its rows need, or what a terminal has.
struct TableLayout {
    static let gap = "  "
    /// The fewest characters that a cut column keeps.
    private static let narrowest = 6
    /// The fewest that sentences are broken to.
    private static let narrowestProse = 20

    private var columns: [Table.Column]
    private var widths: [Int]
    private let terminal: Terminal
    /// Whether a wider cell makes its column wider: rows come one by one, and nothing limits them.
    private let grows: Bool

    /// A layout for these rows.
    init(_ columns: [Table.Column], _ rows: [JSONValue], for terminal: Terminal) {
        let widths = columns.map { column in
            max(column.title.count, rows.map { column.cell($0).count }.max() ?? 0)
        }
        self.init(columns, widths, for: terminal, grows: false)
    }

    /// A layout for rows that are not known yet.
    init(_ columns: [Table.Column], for terminal: Terminal) {
        let widths = columns.map { max($0.title.count, $0.usual) }
        self.init(columns, widths, for: terminal, grows: terminal.columns == nil)
    }

    private init(_ columns: [Table.Column], _ widths: [Int], for terminal: Terminal, grows: Bool) {
        self.columns = columns
        self.widths = widths
        self.terminal = terminal
        self.grows = grows
        // Sentences are broken wherever they go; names are never cut in a file or for a program.
        let hasProse = columns.contains(where: \.isProse)
        if let limit = terminal.columns ?? (hasProse ? Terminal.standardWidth : nil) { fit(into: limit) }
    }

    private var total: Int { widths.reduce(Self.gap.count * (widths.count - 1), +) }

    /// Drops columns that can go, breaks sentences, then takes characters from the widest column until all fit.
    private mutating func fit(into limit: Int) {
        func least(_ index: Int) -> Int {
            columns[index].isProse ? min(widths[index], Self.narrowestProse) : widths[index]
        }
        func needed() -> Int { columns.indices.map(least).reduce(Self.gap.count * (widths.count - 1), +) }
        while needed() > limit, let index = columns.lastIndex(where: \.isDispensable) {
            columns.remove(at: index)
            widths.remove(at: index)
        }
        if let prose = columns.firstIndex(where: \.isProse), total > limit {
            widths[prose] = max(least(prose), widths[prose] - (total - limit))
        }
        while total > limit, let widest = widths.indices.max(by: { widths[$0] < widths[$1] }),
            widths[widest] > Self.narrowest
        {
            widths[widest] -= 1
        }
    }

    /// The line of titles.
    var header: String {
        terminal.styled(line(columns.map(\.title)) { _, text in text }, .heading)
    }

    /// The lines of one row: as many as its sentences take.
    mutating func lines(_ row: JSONValue) -> [String] {
        let cells = columns.map { $0.cell(row) }
        if grows { for (index, cell) in cells.enumerated() { widths[index] = max(widths[index], cell.count) } }
        let broken = cells.enumerated()
            .map { index, cell in columns[index].isProse ? Prose.lines(cell, width: widths[index]) : [cell] }
        return (0..<(broken.map(\.count).max() ?? 1))
            .map { number in
                line(broken.map { number < $0.count ? $0[number] : "" }) { index, text in
                    terminal.styled(text, columns[index].style(cells[index]))
                }
            }
    }

    private func line(_ cells: [String], _ style: (Int, String) -> String) -> String {
        let last = cells.lastIndex { !$0.isEmpty } ?? 0
        var line = ""
        for (index, cell) in cells.prefix(last + 1).enumerated() {
            let text = cell.count > widths[index] ? cell.prefix(max(0, widths[index] - 1)) + "…" : cell[...]
            let padding = index == last ? "" : String(repeating: " ", count: widths[index] - text.count) + Self.gap
            line += (text.isEmpty ? "" : style(index, String(text))) + padding
        }
        return line
    }
}
