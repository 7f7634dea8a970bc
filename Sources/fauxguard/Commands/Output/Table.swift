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

        /// The same with a style that follows from the cell's text.
        func styled(_ style: @escaping (String) -> Terminal.Style?) -> Column { with { $0.style = style } }
        /// The same for cells that go on in further lines of a terminal.
        var broken: Column { with { $0.fit = .broken } }
        /// The same for sentences.
        var prose: Column { with { $0.fit = .prose } }
        /// The same for what may be cut.
        var cut: Column { with { $0.fit = .cut } }
        /// The same as one that goes.
        var dispensable: Column { with { $0.isDispensable = true } }
        /// The same, with cells that are so wide.
        func usually(_ width: Int) -> Column { with { $0.usual = width } }
        /// The same, with another in its place on a narrow terminal.
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
