import SoftToken

/// Reads a document in JSON (RFC 8259) in one pass, entry by entry, with the lines on which things stand.
///
/// The YAML parser would read most of it too, in many times the time and memory, but not JSON's own escapes.
struct JSONDocumentReader {
    private let bytes: [UInt8]
    private var index = 0
    private var line = 1

    /// How deep an entry may nest; the deepest field is a member of `grace`.
    private static let depthLimit = 8

    /// Whether a text without a known format begins as a JSON document does: a brace, then a quote or a brace.
    static func isLikely(_ bytes: [UInt8]) -> Bool {
        let marks = bytes.lazy.filter { !isSpace($0) }.prefix(2)
        return marks.first == 0x7B && (marks.dropFirst().first == 0x22 || marks.dropFirst().first == 0x7D)
    }

    /// The draft in the bytes.
    ///
    /// - Returns: The draft, or where the bytes are no JSON.
    /// - Throws: `DocumentError` where they are, but the document is not in order.
    static func read(_ bytes: [UInt8]) throws(DocumentError) -> Result<DocumentDraft, DocumentError> {
        var reader = JSONDocumentReader(bytes: bytes)
        var draft = DraftReader()
        do throws(Failure) {
            try reader.readDocument(into: &draft)
            return .success(draft.draft)
        } catch {
            switch error {
            case .noJSON(let reason):
                return .failure(DocumentError(line: reader.line, reason: "no valid JSON: \(reason)"))
            case .refused(let error): throw error
            }
        }
    }

    /// What the bytes hold, whatever it is.
    static func root(of bytes: [UInt8]) throws(DocumentError) -> DocumentNode {
        var reader = JSONDocumentReader(bytes: bytes)
        do throws(Failure) {
            reader.skipSpace()
            let node = try reader.value(depth: 0)
            reader.skipSpace()
            guard reader.index == bytes.count else { throw .noJSON("something follows the document") }
            return node
        } catch {
            switch error {
            case .noJSON(let reason): throw DocumentError(line: reader.line, reason: "no valid JSON: \(reason)")
            case .refused(let error): throw error
            }
        }
    }

    private enum Failure: Error {
        case noJSON(String)
        case refused(DocumentError)
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private mutating func readDocument(into draft: inout DraftReader) throws(Failure) {
        skipSpace()
        guard index < bytes.count else { throw .refused(DocumentError(reason: "the document is empty")) }
        guard bytes[index] == 0x7B else {
            _ = try value(depth: 0)
            throw .refused(DocumentError(line: 1, reason: "must be a mapping"))
        }
        var seen: Set<DocumentSection> = []
        try members { (reader, key, line) throws(Failure) in
            guard let section = DocumentSection(rawValue: key) else {
                let known = DocumentSection.allCases.map(\.rawValue)
                throw .refused(DocumentError(line: line, reason: DocumentEntry.unknown(key, known)))
            }
            guard seen.insert(section).inserted else {
                throw .refused(DocumentError(line: line, reason: "the key '\(key)' stands twice"))
            }
            try reader.readSection(section, into: &draft)
        }
        skipSpace()
        guard index == bytes.count else { throw .noJSON("something follows the document") }
    }

    private mutating func readSection(_ section: DocumentSection, into draft: inout DraftReader) throws(Failure) {
        guard index < bytes.count, bytes[index] == 0x5B else {
            let node = try value(depth: 0)
            guard !node.isNull else { return }
            throw .refused(DocumentError(path: section.rawValue, line: node.line, reason: "must be a list"))
        }
        var count = 0
        try elements { (reader) throws(Failure) in
            let node = try reader.value(depth: 0)
            do throws(DocumentError) {
                try draft.add(node, to: section, at: count)
            } catch {
                throw .refused(error)
            }
            count += 1
        }
    }

    private mutating func value(depth: Int) throws(Failure) -> DocumentNode {
        guard depth < Self.depthLimit else { throw .noJSON("values nest deeper than \(Self.depthLimit)") }
        guard index < bytes.count else { throw .noJSON("the document ends in the middle") }
        let start = line
        switch bytes[index] {
        case 0x7B:
            var mapping: [(key: DocumentNode, value: DocumentNode)] = []
            try members { (reader, key, line) throws(Failure) in
                let value = try reader.value(depth: depth + 1)
                mapping.append((DocumentNode(.scalar(key, isPlain: false), line: line), value))
            }
            return DocumentNode(.mapping(mapping), line: start)
        case 0x5B:
            var list: [DocumentNode] = []
            try elements { (reader) throws(Failure) in list.append(try reader.value(depth: depth + 1)) }
            return DocumentNode(.list(list), line: start)
        case 0x22: return DocumentNode(.scalar(try string(), isPlain: false), line: start)
        default: return DocumentNode(.scalar(try word(), isPlain: true), line: start)
        }
    }

    /// Reads an object, and calls `body` where each member's value begins.
    private mutating func members(
        _ body: (inout JSONDocumentReader, String, Int) throws(Failure) -> Void
    ) throws(Failure) {
        index += 1
        skipSpace()
        if take(0x7D) { return }
        while true {
            guard index < bytes.count, bytes[index] == 0x22 else { throw .noJSON("a key in quotes is missing") }
            let start = line
            let key = try string()
            skipSpace()
            guard take(0x3A) else { throw .noJSON("a colon is missing") }
            skipSpace()
            try body(&self, key, start)
            skipSpace()
            if take(0x7D) { return }
            guard take(0x2C) else { throw .noJSON("a comma or a closing brace is missing") }
            skipSpace()
        }
    }

    /// Reads an array, and calls `body` where each element begins.
    private mutating func elements(_ body: (inout JSONDocumentReader) throws(Failure) -> Void) throws(Failure) {
        index += 1
        skipSpace()
        if take(0x5D) { return }
        while true {
            try body(&self)
            skipSpace()
            if take(0x5D) { return }
            guard take(0x2C) else { throw .noJSON("a comma or a closing bracket is missing") }
            skipSpace()
        }
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
    private mutating func word() throws(Failure) -> String {
        let start = index
        while index < bytes.count {
            switch bytes[index] {
            case 0x2B, 0x2D, 0x2E, 0x30...0x39, 0x41...0x5A, 0x61...0x7A: index += 1
            default:
                let word = String(decoding: bytes[start..<index], as: UTF8.self)
                guard word == "true" || word == "false" || word == "null" || Self.isNumber(word) else {
                    throw .noJSON("a value is missing, or a text without quotes")
                }
                return word
            }
        }
        throw .noJSON("the document ends in the middle")
    }

    /// Whether these are a number by RFC 8259 section 6; a pattern would cost a hundred times as much.
    private static func isNumber(_ word: String) -> Bool {
        var rest = word.utf8[...]
        func digits() -> Int {
            let count = rest.prefix { (0x30...0x39).contains($0) }.count
            rest = rest.dropFirst(count)
            return count
        }
        func take(_ marks: Set<UInt8>) -> Bool {
            guard let first = rest.first, marks.contains(first) else { return false }
            rest = rest.dropFirst()
            return true
        }
        _ = take([0x2D])
        let startsWithZero = rest.first == 0x30
        let count = digits()
        guard count > 0, count == 1 || !startsWithZero else { return false }
        if take([0x2E]), digits() == 0 { return false }
        if take([0x45, 0x65]) {
            _ = take([0x2B, 0x2D])
            if digits() == 0 { return false }
        }
        return rest.isEmpty
    }

    /// A text in quotes; the reader stands on the first of them.
    private mutating func string() throws(Failure) -> String {
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
        throw .noJSON("the document ends in the middle of a text")
    }

    private mutating func escapedString(from start: Int) throws(Failure) -> String {
        var text = Array(bytes[start..<index])
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            switch byte {
            case 0x22: return String(decoding: text, as: UTF8.self)
            case 0x5C: try appendEscape(to: &text)
            case 0..<0x20: throw .noJSON("a text has a control character that is not escaped")
            default: text.append(byte)
            }
        }
        throw .noJSON("the document ends in the middle of a text")
    }

    private mutating func appendEscape(to text: inout [UInt8]) throws(Failure) {
        guard index < bytes.count else { throw .noJSON("the document ends in the middle of a text") }
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
                guard (0xDC00...0xDFFF).contains(low) else { throw .noJSON("half of a surrogate pair is missing") }
                number = 0x1_0000 + (number - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(number) else { throw .noJSON("half of a surrogate pair is missing") }
            text += Array(String(Character(scalar)).utf8)
        default: throw .noJSON("a backslash stands before what it can't escape")
        }
    }

    private mutating func fourDigits() throws(Failure) -> UInt32 {
        guard index + 4 <= bytes.count else { throw .noJSON("the document ends in the middle of a text") }
        var number: UInt32 = 0
        for byte in bytes[index..<index + 4] {
            guard let digit = Hexadecimal.value(of: byte) else { throw .noJSON("\\u needs four hexadecimal digits") }
            number = number << 4 | UInt32(digit)
        }
        index += 4
        return number
    }
}
