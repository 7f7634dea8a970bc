extension DocumentNode {
    /// Reads a document of any matter, with the lines on which things stand.
    ///
    /// Throws a ``DocumentError`` where the bytes are no UTF-8, are not in this format, or have YAML's aliases in them.
    package static func read(_ bytes: [UInt8], as format: DocumentFormat) throws(DocumentError) -> DocumentNode {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw DocumentError(reason: "the document is no UTF-8")
        }
        switch format {
        case .json: return try JSONDocumentReader.root(of: bytes)
        case .yaml: return DocumentNode(try YAMLDocumentReader.root(of: text))
        }
    }
}
