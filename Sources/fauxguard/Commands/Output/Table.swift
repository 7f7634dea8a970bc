import Notation

/// Rows with a header, aligned, and made to fit a terminal's width where there is one.
struct Table {
    /// One column.
    struct Column {
        /// What becomes of its cells where a terminal is too narrow for all columns.
        enum Fit {
            /// Nothing: a name, a code, a time or a result that is cut is none.
            case whole
            /// It goes on in further lines.
            case broken
            /// The same for sentences, which are broken in a file too.
            case prose
            /// It ends early, with a mark: what a peer made up may be of any length.
            case cut
        }

        let title: String
        let cell: (JSONValue) -> String
        var style: (String) -> Terminal.Style? = { _ in nil }
        var fit = Fit.whole
        /// Whether it goes where a terminal is too narrow for all, the last of them first.
        var isDispensable = false
        /// How wide its cells are for all that is known beforehand, where rows come one by one; the least that they are
        /// broken or cut to.
        var usual = 0
        /// The same in fewer characters, for a terminal that is too narrow.
        var short: () -> Column? = { nil }

        init(_ title: String, _ cell: @escaping (JSONValue) -> String) {
            self.title = title
            self.cell = cell
        }

        /// A column of one member.
        init(_ title: String, _ name: String) {
            self.init(title) { $0[name].shown }
        }

        // The same with one of these set.
        func styled(_ style: @escaping (String) -> Terminal.Style?) -> Column { with { $0.style = style } }
        var broken: Column { with { $0.fit = .broken } }
        var prose: Column { with { $0.fit = .prose } }
        var cut: Column { with { $0.fit = .cut } }
        var dispensable: Column { with { $0.isDispensable = true } }
        func usually(_ width: Int) -> Column { with { $0.usual = width } }
        func orShort(_ column: Column) -> Column { with { $0.short = { column } } }

        private func with(_ change: (inout Column) -> Void) -> Column {
            var column = self
            change(&column)
            return column
        }
    }

    let columns: [Column]

    /// The lines for these rows.
    func lines(_ rows: [JSONValue], for terminal: Terminal) -> [String] {
        var layout = TableLayout(columns, rows, for: terminal)
        return [layout.header] + rows.flatMap { layout.lines($0) }
    }

    /// One resource as lines of name and value: members in the order of `names`, then whatever else it has.
    ///
    /// `limit` is the width that values are broken to, on any number of lines.
    static func lines(
        of resource: JSONValue,
        in names: [String],
        for terminal: Terminal,
        limit: Int? = nil
    ) -> [String] {
        guard case .object(let members) = resource else { return [resource.shown] }
        let ordered =
            names.filter { members[$0] != nil } + members.map(\.name).filter { !names.contains($0) }.sorted()
        return lines(of: ordered.map { ($0, members[$0]?.shown ?? "-") }, for: terminal, limit: limit)
    }

    /// Pairs of name and value, the values below each other.
    static func lines(
        of pairs: [(name: String, value: String)],
        for terminal: Terminal,
        limit: Int? = nil
    ) -> [String] {
        let width = pairs.map(\.name.count).max() ?? 0
        let indent = width + TableLayout.gap.count
        return pairs.flatMap { name, value in
            let label = Visible.text(name) + String(repeating: " ", count: width - name.count)
            let broken = (limit ?? terminal.columns).map { Prose.lines(value, width: $0 - indent) } ?? [value]
            return broken.enumerated()
                .map { index, line in
                    index == 0
                        ? terminal.styled(label, .faint) + TableLayout.gap + line
                        : String(repeating: " ", count: indent) + line
                }
        }
    }
}

/// Which columns of a table are shown, and how wide: what its rows need, or what a terminal has.
///
/// Where all do not fit, columns that have a short form take it, then those go that can, then sentences are broken. A
/// last cell that still does not fit beside the others stands below them.
struct TableLayout {
    static let gap = "  "
    /// What sets in a cell that stands below its row.
    private static let inset = "    "
    /// The fewest characters that a column is broken or cut to, unless it says so itself.
    private static let narrowest = 20

    private var columns: [Table.Column]
    private var widths: [Int]
    private let terminal: Terminal
    /// Whether a wider cell makes its column wider: rows come one by one, and nothing limits them.
    private let grows: Bool

    /// A layout for these rows.
    init(_ columns: [Table.Column], _ rows: [JSONValue], for terminal: Terminal) {
        self.init(columns, for: terminal, grows: false) { column in
            max(column.title.count, rows.map { column.cell($0).count }.max() ?? 0)
        }
    }

    /// A layout for rows that are not known yet.
    init(_ columns: [Table.Column], for terminal: Terminal) {
        self.init(columns, for: terminal, grows: terminal.columns == nil) { max($0.title.count, $0.usual) }
    }

    private init(
        _ columns: [Table.Column],
        for terminal: Terminal,
        grows: Bool,
        _ width: (Table.Column) -> Int
    ) {
        self.columns = columns
        widths = columns.map(width)
        self.terminal = terminal
        self.grows = grows
        if let limit = terminal.columns {
            reduce(to: limit, width)
            narrow([.broken, .prose, .cut], to: limit)
        } else {
            // A file, or a program, that reads rows finds all of them; only sentences are for people there too.
            narrow([.prose], to: Terminal.standardWidth)
        }
    }

    private var total: Int { widths.reduce(Self.gap.count * (widths.count - 1), +) }

    /// The fewest characters that a column can do with.
    private func least(_ index: Int) -> Int {
        let column = columns[index]
        return column.fit == .whole
            ? widths[index] : min(widths[index], column.usual > 0 ? column.usual : Self.narrowest)
    }

    /// Takes short forms, then drops columns that can go, until the others have room.
    private mutating func reduce(to limit: Int, _ width: (Table.Column) -> Int) {
        guard total > limit else { return }
        for index in columns.indices {
            guard let short = columns[index].short() else { continue }
            columns[index] = short
            widths[index] = width(short)
        }
        while columns.indices.map(least).reduce(Self.gap.count * (widths.count - 1), +) > limit,
            let index = columns.lastIndex(where: \.isDispensable)
        {
            columns.remove(at: index)
            widths.remove(at: index)
        }
    }

    /// Takes characters from the widest column of those that can do with fewer.
    private mutating func narrow(_ fits: Set<Table.Column.Fit>, to limit: Int) {
        while total > limit,
            let widest = columns.indices.filter({ fits.contains(columns[$0].fit) && widths[$0] > least($0) })
                .max(by: { widths[$0] < widths[$1] })
        {
            widths[widest] -= 1
        }
    }

    /// The line of titles.
    var header: String {
        terminal.styled(lines(columns.map { [$0.title] }) { _, text in text }.joined(separator: "\n"), .heading)
    }

    /// The lines of one row: as many as its sentences take.
    mutating func lines(_ row: JSONValue) -> [String] {
        let cells = columns.map { $0.cell(row) }
        if grows { for (index, cell) in cells.enumerated() { widths[index] = max(widths[index], cell.count) } }
        let parts = cells.enumerated().map { index, cell in fitted(cell, in: index) }
        return lines(parts) { index, text in terminal.styled(text, columns[index].style(cells[index])) }
    }

    /// The lines of a cell within its column.
    private func fitted(_ cell: String, in index: Int) -> [String] {
        switch columns[index].fit {
        case .whole: [cell]
        case .broken, .prose: Prose.lines(cell, width: widths[index], breaksWords: true)
        case .cut: [cell.count > widths[index] ? cell.prefix(widths[index] - 1) + "…" : cell]
        }
    }

    private func lines(_ parts: [[String]], _ style: (Int, String) -> String) -> [String] {
        var parts = parts
        var below: [String] = []
        if let limit = terminal.columns, let last = parts.indices.last, last > 0 {
            let start = parts.indices.dropLast()
                .reduce(0) { $0 + max(widths[$1], parts[$1].map(\.count).max() ?? 0) + Self.gap.count }
            if start + (parts[last].map(\.count).max() ?? 0) > limit {
                let text = parts[last].joined(separator: " ")
                below = Prose.lines(text, width: max(Self.narrowest, limit - Self.inset.count), breaksWords: true)
                    .map { Self.inset + style(last, $0) }
                parts[last] = []
            }
        }
        let height = parts.map(\.count).max() ?? 0
        return (0..<height).map { number in line(parts.map { number < $0.count ? $0[number] : "" }, style) } + below
    }

    private func line(_ cells: [String], _ style: (Int, String) -> String) -> String {
        let last = cells.lastIndex { !$0.isEmpty } ?? 0
        var line = ""
        for (index, cell) in cells.prefix(last + 1).enumerated() {
            let padding =
                index == last ? "" : String(repeating: " ", count: max(0, widths[index] - cell.count)) + Self.gap
            line += (cell.isEmpty ? "" : style(index, cell)) + padding
        }
        return line
    }
}
