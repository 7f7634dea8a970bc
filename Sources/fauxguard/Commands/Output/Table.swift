/// Rows with a header, aligned, cut to a terminal's width where there is one.
struct Table {
    /// One column.
    struct Column {
        let title: String
        let cell: (JSONValue) -> String
        var style: (String) -> Terminal.Style? = { _ in nil }

        init(_ title: String, _ cell: @escaping (JSONValue) -> String) {
            self.title = title
            self.cell = cell
        }

        /// A column of one member.
        init(_ title: String, _ name: String) {
            self.init(title) { $0[name].shown }
        }

        /// The same with a style that follows from the cell's text.
        func styled(_ style: @escaping (String) -> Terminal.Style?) -> Column {
            var column = self
            column.style = style
            return column
        }
    }

    let columns: [Column]

    /// The fewest characters that a cut column keeps.
    private static let narrowest = 6
    private static let gap = "  "

    /// The lines for these rows.
    func lines(_ rows: [JSONValue], for terminal: Terminal) -> [String] {
        let cells = rows.map { row in columns.map { $0.cell(row) } }
        var widths = columns.indices.map { index in
            max(columns[index].title.count, cells.map { $0[index].count }.max() ?? 0)
        }
        if let limit = terminal.columns { Self.fit(&widths, into: limit) }
        let header = terminal.styled(line(columns.map(\.title), widths) { _, text in text }, .heading)
        return [header]
            + cells.map { row in
                line(row, widths) { index, text in terminal.styled(text, columns[index].style(row[index])) }
            }
    }

    private func line(_ cells: [String], _ widths: [Int], _ style: (Int, String) -> String) -> String {
        var line = ""
        for (index, cell) in cells.enumerated() {
            let text = cell.count > widths[index] ? cell.prefix(max(0, widths[index] - 1)) + "…" : cell[...]
            let isLast = index == cells.count - 1
            let padding = isLast ? 0 : widths[index] - text.count
            line += style(index, String(text)) + String(repeating: " ", count: padding) + (isLast ? "" : Self.gap)
        }
        return line
    }

    /// Takes characters from the widest column until all fit, or none can give any more.
    private static func fit(_ widths: inout [Int], into limit: Int) {
        var excess = widths.reduce(gap.count * (widths.count - 1), +) - limit
        while excess > 0, let widest = widths.indices.max(by: { widths[$0] < widths[$1] }), widths[widest] > narrowest {
            widths[widest] -= 1
            excess -= 1
        }
    }

    /// One resource as lines of name and value: members in the order of `names`, then whatever else it has.
    static func lines(of resource: JSONValue, in names: [String], for terminal: Terminal) -> [String] {
        guard case .object(let members) = resource else { return [resource.shown] }
        let ordered =
            names.filter { members[$0] != nil } + members.keys.filter { !names.contains($0) }.sorted()
        let width = ordered.map(\.count).max() ?? 0
        return ordered.map { name in
            let label = Visible.text(name) + String(repeating: " ", count: width - name.count)
            return terminal.styled(label, .faint) + gap + (members[name]?.shown ?? "-")
        }
    }
}
