extension DocumentNode {
    /// Reads a document of any matter, with the lines on which things stand.
    ///
    /// A byte order mark before it is skipped.
    ///
    /// - Parameters:
    ///   - bytes: The document.
    ///   - format: How it is written.
    ///   - isWanted: Asked now and then; once it says no, the reading ends with ``DocumentError/Kind/stopped``.
    /// - Returns: What stands at the top.
    /// - Throws: A ``DocumentError`` where the bytes are no UTF-8, are not in this format, or have something that is not
    ///   read here: aliases, merge keys, tags of others, a second document.
    package static func read(
        _ bytes: [UInt8],
        as format: DocumentFormat,
        while isWanted: @escaping @Sendable () -> Bool = { true }
    ) throws(DocumentError) -> DocumentNode {
        switch format {
        case .json: try read(JSONEvents(try DocumentBytes(bytes), while: isWanted))
        case .yaml: try read(YAMLEvents(try DocumentBytes(bytes), while: isWanted))
        }
    }

    private static func read<Events: DocumentEvents>(_ events: Events) throws(DocumentError) -> DocumentNode {
        var reader = DocumentReader(events)
        let root = try reader.node(try reader.next())
        try reader.finish()
        return root
    }
}
