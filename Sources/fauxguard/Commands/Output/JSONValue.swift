import FoundationEssentials

/// Any JSON value: answers are shown as they come, with members that this version does not know.
enum JSONValue: Equatable, Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case text(String)
    case list([JSONValue])
    case object([String: JSONValue])

    /// Reads a document, or returns nil where the bytes are none.
    init?(_ bytes: [UInt8]) {
        guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(bytes)) else { return nil }
        self = value
    }

    /// The member of an object; null where there is none.
    subscript(_ name: String) -> JSONValue {
        guard case .object(let members) = self else { return .null }
        return members[name] ?? .null
    }

    /// The text, where it is one.
    var string: String? {
        guard case .text(let text) = self else { return nil }
        return text
    }

    /// The whole number, where it is one.
    var int: Int? {
        guard case .integer(let number) = self else { return nil }
        return Int(exactly: number)
    }

    /// The list's items; none where it is no list.
    var items: [JSONValue] {
        guard case .list(let items) = self else { return [] }
        return items
    }

    /// The value in one line for people: `-` for nothing, `yes` and `no`, lists with commas.
    var shown: String {
        switch self {
        case .null: "-"
        case .bool(let flag): flag ? "yes" : "no"
        case .integer(let number): "\(number)"
        case .number(let number): "\(number)"
        case .text(let text): text.isEmpty ? "-" : Visible.text(text)
        case .list(let items): items.isEmpty ? "-" : items.map(\.shown).joined(separator: ", ")
        case .object(let members) where members.isEmpty: "-"
        case .object(let members):
            members.sorted { $0.key < $1.key }.map { "\(Visible.text($0.key)) \($0.value.shown)" }
                .joined(separator: ", ")
        }
    }

    /// The document's bytes; members in the order of their names.
    var bytes: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(self)).map(Array.init) ?? []
    }
}

extension JSONValue: Codable {
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let flag = try? container.decode(Bool.self) {
            self = .bool(flag)
        } else if let number = try? container.decode(Int64.self) {
            self = .integer(number)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let items = try? container.decode([JSONValue].self) {
            self = .list(items)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let flag): try container.encode(flag)
        case .integer(let number): try container.encode(number)
        case .number(let number): try container.encode(number)
        case .text(let text): try container.encode(text)
        case .list(let items): try container.encode(items)
        case .object(let members): try container.encode(members)
        }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByDictionaryLiteral {
    init(stringLiteral text: String) { self = .text(text) }
    init(booleanLiteral flag: Bool) { self = .bool(flag) }
    init(dictionaryLiteral members: (String, JSONValue)...) {
        self = .object(Dictionary(members) { $1 })
    }
}
