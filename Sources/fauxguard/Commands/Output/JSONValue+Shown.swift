import Notation

/// Answers are shown as they come, with members that this version does not know.
extension JSONValue {
    /// The value in one line for people: `-` for nothing, `yes` and `no`, lists with commas, members by their names'
    /// order.
    var shown: String {
        switch self {
        case .null: "-"
        case .flag(let flag): flag ? "yes" : "no"
        case .integer(let number): "\(number)"
        case .number(let number): "\(number)"
        case .string(let text): text.isEmpty ? "-" : Visible.text(text)
        case .array(let items): items.isEmpty ? "-" : items.map(\.shown).joined(separator: ", ")
        case .object(let members) where members.isEmpty: "-"
        case .object(let members):
            members.sorted { $0.name < $1.name }.map { "\(Visible.text($0.name)) \($0.value.shown)" }
                .joined(separator: ", ")
        case .written(let text): Visible.text(text)
        }
    }

    /// The value as one line of JSON, members by their names' order: what the command line sends, prints of
    /// records, and writes for scripts.
    var line: [UInt8] { sorted.bytes(escaping: .shown) }

    private var sorted: JSONValue {
        switch self {
        case .array(let items): .array(items.map(\.sorted))
        case .object(let members):
            .object(members.map { Member($0.name, $0.value.sorted) }.sorted { $0.name < $1.name })
        default: self
        }
    }

    /// An object of those members that have a value.
    static func members(_ pairs: [(String, JSONValue?)]) -> JSONValue {
        .object(pairs.compactMap { name, value in value.map { Member(name, $0) } })
    }
}
