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
