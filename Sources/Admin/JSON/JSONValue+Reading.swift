import SoftToken

/// Why a text is no JSON that is taken, with the place for a person: the line and the column, counted from 1 in characters.
struct JSONTextError: Error, Equatable, CustomStringConvertible {
    /// What is wrong; it names a member that stands twice.
    let reason: String
    /// The line.
    let line: Int
    /// The place in it.
    let column: Int

    /// For example `the member "size" stands twice in an object (line 1, column 12)`.
    var description: String { "\(reason) (line \(line), column \(column))" }
}

extension JSONValue {
    /// Reads JSON text (RFC 8259); a byte order mark before it is skipped.
    ///
    /// A member that stands twice in its object is refused: readers differ in which of the two they take, and whoever sent it
    /// meant one. The lists and objects stand at most ``JSONReader/maximumDepth`` deep in one another.
    static func read(_ bytes: [UInt8]) throws(JSONTextError) -> JSONValue {
        let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes[3...]) : bytes
        do throws(JSONError) {
            var reader = try JSONReader(text.span, limit: .max)
            let value = try read(&reader, text.span)
            try reader.finish(in: text.span)
            return value
        } catch {
            throw JSONTextError(error, in: text)
        }
    }

    private static func read(_ reader: inout JSONReader, _ bytes: Span<UInt8>) throws(JSONError) -> JSONValue {
        switch try reader.peek(in: bytes) {
        case .object:
            var object = try reader.beginObject(in: bytes)
            var members: [Member] = []
            while let key = try reader.nextKey(of: &object, in: bytes) {
                members.append(Member(name: key.text(in: bytes), value: try read(&reader, bytes)))
            }
            return .object(members)
        case .array:
            var array = try reader.beginArray(in: bytes)
            var values: [JSONValue] = []
            while try reader.nextElement(of: &array, in: bytes) { values.append(try read(&reader, bytes)) }
            return .array(values)
        case .string: return .string(try reader.readString(in: bytes).text(in: bytes))
        case .number: return number(try reader.readNumber(in: bytes), bytes)
        case .bool: return .flag(try reader.readBool(in: bytes))
        case .null:
            try reader.readNull(in: bytes)
            return .null
        }
    }

    /// `1.0` and `1e2` are whole numbers, as JSON Schema has it.
    private static func number(_ number: JSONNumber, _ bytes: Span<UInt8>) -> JSONValue {
        if let integer = number.integer(in: bytes) { return .integer(integer) }
        let value = Double(String(decoding: number.range.map { bytes[$0] }, as: UTF8.self)) ?? .infinity
        return !number.isInteger && abs(value) < 0x1p53
            ? Int(exactly: value).map { .integer($0) } ?? .number(value) : .number(value)
    }
}

extension JSONTextError {
    /// Finds the place of an error, and the name that stands twice.
    fileprivate init(_ error: JSONError, in text: [UInt8]) {
        let before = text[..<min(error.offset, text.count)]
        let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        reason =
            switch error.kind {
            case .duplicateKey: "the member \(quoted(Self.name(at: error.offset, in: text))) stands twice in an object"
            default: error.kind.rawValue
            }
        line = before.count { $0 == UInt8(ascii: "\n") } + 1
        column = String(decoding: before[start...], as: UTF8.self).unicodeScalars.count + 1
    }

    private static func name(at offset: Int, in text: [UInt8]) -> String {
        let rest = Array(text[offset...])
        guard var reader = try? JSONReader(rest.span, limit: .max) else { return "" }
        return (try? reader.readString(in: rest.span))?.text(in: rest.span) ?? ""
    }
}
