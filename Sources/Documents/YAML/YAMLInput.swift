import CYAML

/// The bytes that a parser asks for, handed out piece by piece.
final class YAMLInput {
    private let document: DocumentBytes
    private var offset: Int
    private let isWanted: @Sendable () -> Bool

    /// Begins behind the byte order mark.
    init(_ document: DocumentBytes, while isWanted: @escaping @Sendable () -> Bool) {
        self.document = document
        offset = document.start
        self.isWanted = isWanted
    }

    /// A parser of this input, which has to outlive it; whoever asked deletes it.
    static func makeParser(of input: YAMLInput) -> UnsafeMutablePointer<yaml_parser_t> {
        let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
        unsafe precondition(yaml_parser_initialize(parser) == 1, "no memory for a parser")
        // The bytes are known to be UTF-8, so that no other encoding is guessed.
        unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        unsafe yaml_parser_set_input(
            parser,
            { data, buffer, size, count in
                guard let data = unsafe data, let buffer = unsafe buffer, let count = unsafe count else { return 0 }
                let input = unsafe Unmanaged<YAMLInput>.fromOpaque(data).takeUnretainedValue()
                return unsafe input.fill(UnsafeMutableRawBufferPointer(start: buffer, count: size), count)
            },
            Unmanaged.passUnretained(input).toOpaque()
        )
        return unsafe parser
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
/// The parser compares each `%TAG` with all before it within one event, which some thousands of them make long; they only
/// abbreviate tags that are not read here. Tokens come one by one, and this looks no further than the first other one.
enum YAMLDirectives {
    /// Refuses any other directives.
    static func check(_ document: DocumentBytes, while isWanted: @escaping @Sendable () -> Bool) throws(DocumentError) {
        let input = YAMLInput(document, while: isWanted)
        let parser = unsafe YAMLInput.makeParser(of: input)
        defer {
            unsafe yaml_parser_delete(parser)
            unsafe parser.deallocate()
            extendLifetime(input)
        }
        var versions = 0
        while true {
            var token = unsafe yaml_token_t()
            // What is no token is for the parser to tell.
            guard unsafe yaml_parser_scan(parser, &token) == 1 else { return }
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
