import Notation

/// A document's events in JSON (RFC 8259), with the lines on which things stand.
///
/// The YAML parser would read most of it too, in many times the time, but not JSON's own escapes.
package struct JSONEvents: DocumentEvents {
    /// What may come next.
    private enum Place {
        case value
        case firstElement
        case firstKey
        case key
        case memberValue
        case afterValue
    }

    private let bytes: [UInt8]
    private let isWanted: @Sendable () -> Bool
    private var index: Int
    private var line = 1
    private var place = Place.value
    /// For each collection that is open, whether it is a mapping.
    private var open: [Bool] = []

    /// Reads the bytes from their document's beginning on.
    package init(_ document: DocumentBytes, while isWanted: @escaping @Sendable () -> Bool) throws(DocumentError) {
        bytes = document.bytes
        index = document.start
        self.isWanted = isWanted
        skipSpace()
        guard index < bytes.count else { throw DocumentError(reason: "the document is empty", kind: .empty) }
    }

    /// `JSON`, for messages.
    package var notation: String { "JSON" }

    /// Whether a text without a known format begins as a JSON document does: a brace, then a quote or a brace.
    package static func isLikely(_ document: DocumentBytes) -> Bool {
        let marks = document.bytes[document.start...].lazy.filter { !isSpace($0) }.prefix(2)
        return marks.first == 0x7B && (marks.dropFirst().first == 0x22 || marks.dropFirst().first == 0x7D)
    }

    /// What comes next.
    package mutating func next() throws(DocumentError) -> DocumentEvent {
        guard isWanted() else { throw DocumentError(reason: "the reading was stopped", kind: .stopped) }
        skipSpace()
        switch place {
        case .value: return try value()
        case .firstElement: return take(0x5D) ? end() : try value()
        case .firstKey: return take(0x7D) ? end() : try key()
        case .key: return try key()
        case .memberValue:
            guard take(0x3A) else { throw error(line, "a colon is missing") }
            skipSpace()
            return try value()
        case .afterValue: return try following()
        }
    }

    /// What stands behind a value: the end of what holds it, or a comma and the next one.
    private mutating func following() throws(DocumentError) -> DocumentEvent {
        guard let isMapping = open.last else {
            guard index == bytes.count else { throw error(line, "something follows the document") }
            return DocumentEvent(kind: .documentEnd, line: line)
        }
        if take(isMapping ? 0x7D : 0x5D) { return end() }
        guard take(0x2C) else {
            throw error(line, "a comma or a closing \(isMapping ? "brace" : "bracket") is missing")
        }
        skipSpace()
        return isMapping ? try key() : try value()
    }

    private mutating func key() throws(DocumentError) -> DocumentEvent {
        guard index < bytes.count, bytes[index] == 0x22 else { throw error(line, "a key in quotes is missing") }
        let start = line
        place = .memberValue
        return DocumentEvent(kind: .scalar(try string(), isPlain: false), line: start)
    }

    private mutating func value() throws(DocumentError) -> DocumentEvent {
        guard index < bytes.count else { throw error(line, "the document ends in the middle") }
        let start = line
        switch bytes[index] {
        case 0x7B, 0x5B:
            guard open.count < DocumentBounds.depth else {
                throw error(line, "values nest deeper than \(DocumentBounds.depth)")
            }
            let isMapping = bytes[index] == 0x7B
            index += 1
            open.append(isMapping)
            place = isMapping ? .firstKey : .firstElement
            return DocumentEvent(kind: isMapping ? .mappingStart : .listStart, line: start)
        case 0x22:
            place = .afterValue
            return DocumentEvent(kind: .scalar(try string(), isPlain: false), line: start)
        default:
            place = .afterValue
            return DocumentEvent(kind: .scalar(try word(), isPlain: true), line: start)
        }
    }

    private mutating func end() -> DocumentEvent {
        open.removeLast()
        place = .afterValue
        return DocumentEvent(kind: .end, line: line)
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard index < bytes.count, bytes[index] == byte else { return false }
        index += 1
        return true
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    private mutating func skipSpace() {
        while index < bytes.count, Self.isSpace(bytes[index]) {
            if bytes[index] == 0x0A { line += 1 }
            index += 1
        }
    }

    /// A number, a truth value or null, as it stands there.
    private mutating func word() throws(DocumentError) -> String {
        let start = index
        scan: while index < bytes.count {
            switch bytes[index] {
            case 0x2B, 0x2D, 0x2E, 0x30...0x39, 0x41...0x5A, 0x61...0x7A: index += 1
            default: break scan
            }
        }
        let word = String(decoding: bytes[start..<index], as: UTF8.self)
        guard word == "true" || word == "false" || word == "null" || Self.isNumber(word) else {
            throw error(line, "a value is missing, or a text without quotes")
        }
        return word
    }

    /// Whether these are a number by RFC 8259 section 6.
    private static func isNumber(_ word: String) -> Bool {
        guard let form = DecimalForm(word), form.whole > 0, !form.hasPlus else { return false }
        return (form.whole == 1 || !form.startsWithZero) && form.fraction != 0
    }

    /// A text in quotes; the reader stands on the first of them.
    private mutating func string() throws(DocumentError) -> String {
        index += 1
        let start = index
        while index < bytes.count {
            let byte = bytes[index]
            if byte == 0x22 {
                defer { index += 1 }
                return String(decoding: bytes[start..<index], as: UTF8.self)
            }
            if byte == 0x5C || byte < 0x20 { return try escapedString(from: start) }
            index += 1
        }
        throw error(line, "the document ends in the middle of a text")
    }

    private mutating func escapedString(from start: Int) throws(DocumentError) -> String {
        var text = Array(bytes[start..<index])
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            switch byte {
            case 0x22: return String(decoding: text, as: UTF8.self)
            case 0x5C: try appendEscape(to: &text)
            case 0..<0x20: throw error(line, "a text has a control character that is not escaped")
            default: text.append(byte)
            }
        }
        throw error(line, "the document ends in the middle of a text")
    }

    private mutating func appendEscape(to text: inout [UInt8]) throws(DocumentError) {
        guard index < bytes.count else { throw error(line, "the document ends in the middle of a text") }
        let byte = bytes[index]
        index += 1
        switch byte {
        case 0x22, 0x5C, 0x2F: text.append(byte)
        case 0x62: text.append(0x08)
        case 0x66: text.append(0x0C)
        case 0x6E: text.append(0x0A)
        case 0x72: text.append(0x0D)
        case 0x74: text.append(0x09)
        case 0x75:
            var number = try fourDigits()
            if (0xD800...0xDBFF).contains(number), take(0x5C), take(0x75) {
                let low = try fourDigits()
                guard (0xDC00...0xDFFF).contains(low) else { throw error(line, "half of a surrogate pair is missing") }
                number = 0x1_0000 + (number - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(number) else { throw error(line, "half of a surrogate pair is missing") }
            text += Array(String(Character(scalar)).utf8)
        default: throw error(line, "a backslash stands before what it can't escape")
        }
    }

    private mutating func fourDigits() throws(DocumentError) -> UInt32 {
        guard index + 4 <= bytes.count else { throw error(line, "the document ends in the middle of a text") }
        guard let number = Hexadecimal.number(in: bytes.span, at: index, byteCount: 2) else {
            throw error(line, "\\u needs four hexadecimal digits")
        }
        index += 4
        return UInt32(number)
    }
}
