package import Documents
package import Registry

extension RegistryDocument {
    /// The document as a store that holds it is exported, one entry a line; `now` is in seconds since 1970 by the lab's
    /// clock.
    package func text(as format: DocumentFormat, now: Int64) -> String {
        let export = RegistryExport(DocumentRows(self), as: format, now: now)
        var bytes: [UInt8] = []
        while (try? export.next(into: &bytes)) == true {}
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// The rows of a document, one after the other.
private final class DocumentRows: RegistryRows {
    private var rest: ArraySlice<RegistryRow>

    init(_ document: RegistryDocument) {
        rest =
            document.devices.map { .device($0) } + document.licenses.map { .license($0) }
            + document.tokens.map { .token($0) }[...]
    }

    func next() -> RegistryRow? { rest.popFirst() }
}

extension DocumentDraft {
    /// Reads the entries of a text.
    package static func read(_ text: String, as format: DocumentFormat? = nil) throws(DocumentError) -> DocumentDraft {
        try read(utf8: Array(text.utf8), as: format)
    }
}
