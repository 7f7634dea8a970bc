/// A value as JSON has it (RFC 8259), whoever reads, makes or shows it; an object keeps the order of its members.
package enum JSONValue: Sendable, Equatable {
    /// One member of an object.
    package struct Member: Sendable, Equatable {
        /// Its name.
        package var name: String
        /// Its value.
        package var value: JSONValue

        /// Joins both.
        package init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// Nothing.
    case null
    /// `true` or `false`.
    case flag(Bool)
    /// A whole number, however it was written: `1.0` and `1e2` are whole, as JSON Schema has it.
    case integer(Int)
    /// A number with a fraction, or one that is too large to be counted with.
    case number(Double)
    /// A text.
    case string(String)
    /// Values in their order.
    case array([JSONValue])
    /// Members in their order.
    case object([Member])
    /// A value that another has written as JSON text already; never made by reading.
    case written(String)

    /// The value of the object's member; null where there is none or this is no object.
    package subscript(name: String) -> JSONValue { members[name] ?? .null }

    /// The text, where it is one.
    package var string: String? { if case .string(let text) = self { text } else { nil } }

    /// A text, or null for none.
    package init(orNull text: String?) { self = text.map { .string($0) } ?? .null }

    /// A whole number, or null for none; one that is too large to be counted with becomes the nearest that is not.
    package init(orNull number: (some BinaryInteger)?) { self = number.map { .integer(Int(clamping: $0)) } ?? .null }

    /// A list of texts.
    package static func texts(_ texts: some Sequence<String>) -> JSONValue { .array(texts.map { .string($0) }) }

    /// A number as whoever counts in fractions has it: one that is whole is an ``integer(_:)``.
    package init(_ number: Double) {
        self = Int(exactly: number).map { .integer($0) } ?? .number(number)
    }

    /// The number, whole or not, where it is one.
    package var double: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .number(let number): number
        default: nil
        }
    }

    /// The whole number, where it is one.
    package var int: Int? { if case .integer(let number) = self { number } else { nil } }

    /// The object's members; none where it is no object.
    package var members: [Member] { if case .object(let members) = self { members } else { [] } }

    /// The list's items; none where it is no list.
    package var items: [JSONValue] { if case .array(let items) = self { items } else { [] } }
}

extension [JSONValue.Member] {
    /// The value of the first member of this name.
    ///
    /// What is set takes its place, or stands behind the others; nil takes the member out.
    package subscript(name: String) -> JSONValue? {
        get { first { $0.name == name }?.value }
        set {
            let index = firstIndex { $0.name == name }
            switch (index, newValue) {
            case (let index?, let value?): self[index].value = value
            case (let index?, nil): remove(at: index)
            case (nil, let value?): append(JSONValue.Member(name, value))
            case (nil, nil): break
            }
        }
    }

    /// Takes a member out, and returns its value.
    package mutating func remove(_ name: String) -> JSONValue? {
        let value = self[name]
        self[name] = nil
        return value
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByNilLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// A text.
    package init(stringLiteral value: String) { self = .string(value) }
    /// A whole number.
    package init(integerLiteral value: Int) { self = .integer(value) }
    /// A number, which is whole where its fraction is nothing.
    package init(floatLiteral value: Double) { self.init(value) }
    /// `true` or `false`.
    package init(booleanLiteral value: Bool) { self = .flag(value) }
    /// Nothing.
    package init(nilLiteral: ()) { self = .null }
    /// Values in their order.
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    /// Members in their order.
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(elements.map { Member($0.0, $0.1) })
    }
}

extension JSONValue {
    /// The value as JSON text, without blanks between its parts.
    package var bytes: [UInt8] { bytes(escaping: .plane) }

    /// The same with these escapes.
    package func bytes(escaping escapes: JSONEscapes) -> [UInt8] {
        var bytes: [UInt8] = []
        append(to: &bytes, escaping: escapes)
        return bytes
    }

    /// Writes the value behind what `bytes` holds.
    package func append(to bytes: inout [UInt8], escaping escapes: JSONEscapes = .plane) {
        switch self {
        case .null: bytes += "null".utf8
        case .flag(let flag): bytes += (flag ? "true" : "false").utf8
        case .integer(let number): bytes += String(number).utf8
        case .number(let number): bytes += (number.isFinite ? String(number) : "null").utf8
        case .string(let text): escapes.append(text, to: &bytes)
        case .array(let values):
            bytes.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                value.append(to: &bytes, escaping: escapes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                escapes.append(member.name, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                member.value.append(to: &bytes, escaping: escapes)
            }
            bytes.append(UInt8(ascii: "}"))
        case .written(let text): bytes += text.utf8
        }
    }

    /// Writes `{"error":reason}` and a line's end: the body of a refusal.
    package static func appendRefusal(_ reason: String, to bytes: inout [UInt8]) {
        JSONValue.object([Member("error", .string(reason))]).append(to: &bytes)
        bytes.append(UInt8(ascii: "\n"))
    }
}
