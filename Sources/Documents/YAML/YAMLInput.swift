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
