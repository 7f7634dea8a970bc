import CYAML

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
