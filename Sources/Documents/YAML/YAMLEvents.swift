import CYAML
import Notation

/// A document's events as libyaml finds them: what breaks a line, ends a text or names an anchor is decided by the
/// parser alone, and only looked at here.
///
/// It stays on the thread that reads.
@safe
package final class YAMLEvents: DocumentEvents {
    private let parser: YAMLParser
    /// For each collection that is open, whether it is a mapping, and whether its next value is a key.
    private var open: [(isMapping: Bool, isKeyNext: Bool)] = []

    /// Makes a parser of the bytes.
    ///
    /// Throws where they begin with directives that are not read here.
    package init(_ document: DocumentBytes, while isWanted: @escaping @Sendable () -> Bool) throws(DocumentError) {
        try YAMLDirectives.check(document, while: isWanted)
        parser = YAMLParser(document, while: isWanted)
    }

    /// `YAML`, for messages.
    package var notation: String { "YAML" }

    /// What comes next.
    package func next() throws(DocumentError) -> DocumentEvent {
        while true {
            guard parser.isWanted() else { throw DocumentError(reason: "the reading was stopped", kind: .stopped) }
            var event = unsafe yaml_event_t()
            guard unsafe yaml_parser_parse(parser.pointer, &event) == 1 else { throw problem() }
            defer { unsafe yaml_event_delete(&event) }
            let line = unsafe Int(event.start_mark.line) + 1
            switch unsafe event.type {
            case YAML_STREAM_START_EVENT, YAML_DOCUMENT_START_EVENT: continue
            case YAML_STREAM_END_EVENT, YAML_NO_EVENT:
                throw DocumentError(reason: "the document is empty", kind: .empty)
            case YAML_DOCUMENT_END_EVENT:
                try requireEnd()
                return DocumentEvent(kind: .documentEnd, line: line)
            case YAML_ALIAS_EVENT: throw unread(line, Self.aliases)
            case YAML_SCALAR_EVENT: return try unsafe scalar(event, line)
            case YAML_SEQUENCE_START_EVENT:
                let start = unsafe event.data.sequence_start
                try unsafe refuse(anchor: start.anchor, tag: start.tag, unless: "seq", line)
                try begin(isMapping: false, line)
                return DocumentEvent(kind: .listStart, line: line)
            case YAML_MAPPING_START_EVENT:
                let start = unsafe event.data.mapping_start
                try unsafe refuse(anchor: start.anchor, tag: start.tag, unless: "map", line)
                try begin(isMapping: true, line)
                return DocumentEvent(kind: .mappingStart, line: line)
            case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT:
                open.removeLast()
                advance()
                return DocumentEvent(kind: .end, line: line)
            default: throw error(line, "an event that nobody knows")
            }
        }
    }

    private static let aliases = "anchors and aliases ('&', '*') are not read here"
    private static let coreTags = "tag:yaml.org,2002:"

    /// Notes a collection; one that is a key is refused before anything of it is read.
    private func begin(isMapping: Bool, _ line: Int) throws(DocumentError) {
        if open.last?.isKeyNext == true {
            throw unread(line, "a key is a \(isMapping ? "mapping" : "list"); only plain names are read here")
        }
        guard open.count < DocumentBounds.depth else {
            throw error(line, "values nest deeper than \(DocumentBounds.depth)")
        }
        open.append((isMapping, isMapping))
    }

    /// Notes that a value has ended: in a mapping, keys and values take turns.
    private func advance() {
        guard let last = open.indices.last, open[last].isMapping else { return }
        open[last].isKeyNext.toggle()
    }

    private func scalar(_ event: yaml_event_t, _ line: Int) throws(DocumentError) -> DocumentEvent {
        let scalar = unsafe event.data.scalar
        if unsafe scalar.anchor != nil { throw unread(line, Self.aliases) }
        let bytes = unsafe UnsafeBufferPointer(start: scalar.value, count: scalar.length)
        let text = unsafe String(decoding: bytes, as: UTF8.self)
        var isPlain = unsafe scalar.style == YAML_PLAIN_SCALAR_STYLE
        if let pointer = unsafe scalar.tag {
            isPlain = try isPlainByTag(unsafe Self.text(pointer), text, line)
        }
        advance()
        return DocumentEvent(kind: .scalar(text, isPlain: isPlain), line: line)
    }

    /// Whether a scalar's text is to be resolved, as its tag has it: the core schema's tags are read where they fit.
    private func isPlainByTag(_ tag: String, _ text: String, _ line: Int) throws(DocumentError) -> Bool {
        let fits: Bool
        switch tag.hasPrefix(Self.coreTags) ? String(tag.dropFirst(Self.coreTags.count)) : tag {
        case "str": return false
        case "null": fits = CoreSchema.isNull(text)
        case "bool": fits = CoreSchema.flag(text) != nil
        case "int": fits = CoreSchema.integer(text) != nil
        case "float": fits = CoreSchema.number(text) != nil
        default: throw foreignTag(tag, line)
        }
        guard fits else { throw error(line, "the value is not of its tag, \(VisibleText.quoted(tag))") }
        return true
    }

    private func refuse(
        anchor: UnsafeMutablePointer<yaml_char_t>?,
        tag: UnsafeMutablePointer<yaml_char_t>?,
        unless own: String,
        _ line: Int
    ) throws(DocumentError) {
        if unsafe anchor != nil { throw unread(line, Self.aliases) }
        guard let tag = unsafe tag.map({ unsafe Self.text($0) }), tag != Self.coreTags + own else { return }
        throw foreignTag(tag, line)
    }

    private func foreignTag(_ tag: String, _ line: Int) -> DocumentError {
        unread(
            line,
            "the tag \(VisibleText.quoted(tag)) is not read here; known are !!str, !!int, !!float, !!bool, "
                + "!!null, !!seq and !!map"
        )
    }

    /// Makes sure that the stream ends behind the document.
    ///
    /// The parser's tokens tell: its next event would first read all directives of a next document, whose cost grows by
    /// the square of their number.
    private func requireEnd() throws(DocumentError) {
        while true {
            var token = unsafe yaml_token_t()
            guard unsafe yaml_parser_scan(parser.pointer, &token) == 1 else { throw problem() }
            defer { unsafe yaml_token_delete(&token) }
            switch unsafe token.type {
            case YAML_DOCUMENT_END_TOKEN: continue
            case YAML_STREAM_END_TOKEN, YAML_NO_TOKEN: return
            default:
                throw unread(unsafe Int(token.start_mark.line) + 1, "more than one document; only one is read here")
            }
        }
    }

    /// What the parser says, without the text around it, which may hold secrets.
    private func problem() -> DocumentError {
        guard parser.isWanted() else { return DocumentError(reason: "the reading was stopped", kind: .stopped) }
        let words = unsafe parser.pointer.pointee.problem.map { unsafe String(cString: $0) } ?? "it can't be read"
        // What the reader of bytes refuses has no mark; the scanner stands shortly before it.
        let mark =
            unsafe parser.pointer.pointee.error == YAML_READER_ERROR
            ? parser.pointer.pointee.mark.line : parser.pointer.pointee.problem_mark.line
        return error(Int(mark) + 1, words)
    }

    private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>) -> String {
        unsafe String(decodingCString: pointer, as: UTF8.self)
    }
}

/// A parser with the bytes that it asks for, handed out piece by piece.
@safe
private final class YAMLParser {
    let pointer = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
    let isWanted: @Sendable () -> Bool
    private let document: DocumentBytes
    private var offset: Int

    /// Begins behind the byte order mark.
    init(_ document: DocumentBytes, while isWanted: @escaping @Sendable () -> Bool) {
        (self.document, self.isWanted, offset) = (document, isWanted, document.start)
        unsafe precondition(yaml_parser_initialize(pointer) == 1, "no memory for a parser")
        // The bytes are known to be UTF-8, so that no other encoding is guessed.
        unsafe yaml_parser_set_encoding(pointer, YAML_UTF8_ENCODING)
        unsafe yaml_parser_set_input(
            pointer,
            { data, buffer, size, count in
                guard let data = unsafe data, let buffer = unsafe buffer, let count = unsafe count else { return 0 }
                let parser = unsafe Unmanaged<YAMLParser>.fromOpaque(data).takeUnretainedValue()
                return unsafe parser.fill(UnsafeMutableRawBufferPointer(start: buffer, count: size), count)
            },
            Unmanaged.passUnretained(self).toOpaque()
        )
    }

    deinit {
        unsafe yaml_parser_delete(pointer)
        unsafe pointer.deallocate()
    }

    /// Copies what comes next; fails once nobody wants it any more, so that one endless text ends too.
    private func fill(_ buffer: UnsafeMutableRawBufferPointer, _ count: UnsafeMutablePointer<Int>) -> CInt {
        guard isWanted() else { return 0 }
        let size = min(buffer.count, document.bytes.count - offset)
        unsafe document.bytes.withUnsafeBytes { bytes in
            unsafe buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + size]))
        }
        offset += size
        unsafe count.pointee = size
        return 1
    }
}

/// What stands before a document: one `%YAML` at most.
///
/// The parser compares each `%TAG` with all before it within one event, which some thousands of them make long; they
/// only abbreviate tags that are not read here. Tokens come one by one, and this looks no further than the first other
/// one.
enum YAMLDirectives {
    /// Refuses any other directives.
    static func check(_ document: DocumentBytes, while isWanted: @escaping @Sendable () -> Bool) throws(DocumentError) {
        let parser = YAMLParser(document, while: isWanted)
        defer { extendLifetime(parser) }
        var versions = 0
        while true {
            var token = unsafe yaml_token_t()
            // What is no token is for the parser to tell.
            guard unsafe yaml_parser_scan(parser.pointer, &token) == 1 else { return }
            defer { unsafe yaml_token_delete(&token) }
            let line = unsafe Int(token.start_mark.line) + 1
            switch unsafe token.type {
            case YAML_STREAM_START_TOKEN: continue
            case YAML_VERSION_DIRECTIVE_TOKEN:
                versions += 1
                guard versions == 1 else { throw error(line, "there are two %YAML directives") }
            case YAML_TAG_DIRECTIVE_TOKEN:
                throw DocumentError(line: line, reason: "%TAG directives are not read here", kind: .notation)
            default: return
            }
        }
    }

    private static func error(_ line: Int, _ reason: String) -> DocumentError {
        DocumentError(line: line, reason: "no valid YAML: \(reason)", kind: .notation)
    }
}
