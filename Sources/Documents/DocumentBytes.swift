/// A document's bytes, known to be UTF-8, and where it begins: behind a byte order mark, if there is one.
package struct DocumentBytes: Sendable {
    /// All of them.
    package let bytes: [UInt8]
    /// Where the document begins.
    package let start: Int

    /// Looks at the bytes.
    ///
    /// Throws a ``DocumentError`` that names what they are where they are no UTF-8.
    package init(_ bytes: [UInt8]) throws(DocumentError) {
        self.bytes = bytes
        // YAML 1.2.2 section 5.2 and RFC 8259 section 8.1: a mark may be there, and says nothing of the matter.
        start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        if let encoding = Self.foreignEncoding(of: bytes) {
            throw DocumentError(reason: "the document is \(encoding); write it in UTF-8", kind: .notation)
        }
        do {
            _ = try UTF8Span(validating: bytes.span)
        } catch {
            throw DocumentError(
                line: Self.line(of: error.byteOffsets.lowerBound, in: bytes),
                reason: "the document is no UTF-8 from its byte \(error.byteOffsets.lowerBound) on",
                kind: .notation
            )
        }
    }

    /// By its mark, or by the zeros that stand where a mapping's or a list's first characters have their upper halves
    /// (YAML 1.2.2 section 5.2 has the table).
    private static func foreignEncoding(of bytes: [UInt8]) -> String? {
        let first = Array(bytes.prefix(4))
        guard first.count >= 2 else { return nil }
        if first == [0, 0, 0xFE, 0xFF] || first == [0xFF, 0xFE, 0, 0] { return "UTF-32" }
        if first.count == 4, first[..<3] == [0, 0, 0] || first[1...] == [0, 0, 0] { return "UTF-32" }
        if first[0] == 0xFE && first[1] == 0xFF || first[0] == 0xFF && first[1] == 0xFE { return "UTF-16" }
        return first[0] == 0 || first[1] == 0 ? "UTF-16" : nil
    }

    /// The line on which a byte stands, counted from 1, by YAML's and everybody's line ends: LF, CR, and both together.
    private static func line(of offset: Int, in bytes: [UInt8]) -> Int {
        var line = 1
        for index in 0..<min(offset, bytes.count) {
            if bytes[index] == 0x0A || bytes[index] == 0x0D && (index + 1 == bytes.count || bytes[index + 1] != 0x0A) {
                line += 1
            }
        }
        return line
    }
}

/// How a document is written.
package enum DocumentFormat: String, Sendable, CaseIterable {
    /// YAML 1.2, of which JSON is a part.
    case yaml
    /// JSON by RFC 8259.
    case json
}
