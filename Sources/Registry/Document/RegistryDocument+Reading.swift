import Yams

extension RegistryDocument {
    /// How large a document may be, in bytes: some 300,000 tokens with all they can have.
    package static let sizeLimit = 128 << 20

    /// Reads a document in YAML or JSON, checks it whole, and makes up the tokens that it does not list.
    ///
    /// Serials, numbers and codes have their form; each stands once; a binding names listed devices, its owner among
    /// them; a trial has an owner, two tokens and no code; a license has no more tokens than its size. Tokens that are
    /// not listed are drawn from the lab's chance, for each license by itself, so that other licenses do not change
    /// them; those of a trial share their first two digits.
    ///
    /// - Throws: `DocumentError` with the first thing that is wrong; nothing of such a document is used.
    package static func read(_ text: String, chance: Chance) throws(DocumentError) -> RegistryDocument {
        try DocumentDraft.read(text).completed(chance)
    }
}

extension DocumentDraft {
    /// Reads a document, and checks each entry by itself.
    ///
    /// - Parameters:
    ///   - text: The document.
    ///   - format: How it is written; nil where nobody said, and then JSON is read where the text looks like it and YAML
    ///     where that fails.
    /// - Returns: The entries.
    /// - Throws: `DocumentError` with the first thing that is wrong; nothing of such a document is used.
    package static func read(
        _ text: String,
        as format: DocumentFormat? = nil
    ) throws(DocumentError) -> DocumentDraft {
        try read(Array(text.utf8), text, as: format)
    }

    /// As ``read(_:as:)``, of bytes that should be UTF-8.
    package static func read(
        utf8 bytes: [UInt8],
        as format: DocumentFormat? = nil
    ) throws(DocumentError) -> DocumentDraft {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw DocumentError(reason: "the document is not UTF-8")
        }
        return try read(bytes, text, as: format)
    }

    private static func read(
        _ bytes: [UInt8],
        _ text: String,
        as format: DocumentFormat?
    ) throws(DocumentError) -> DocumentDraft {
        guard bytes.count <= RegistryDocument.sizeLimit else {
            throw DocumentError(reason: "the document is larger than \(RegistryDocument.sizeLimit >> 20) MiB")
        }
        if format == .json { return try JSONDocumentReader.read(bytes).get() }
        if format == nil, JSONDocumentReader.isLikely(bytes) {
            switch try JSONDocumentReader.read(bytes) {
            case .success(let draft): return draft
            // Much of what is no JSON is YAML, whose parser then has the last word.
            case .failure: break
            }
        }
        return try YAMLDocumentReader.read(text)
    }

    /// The whole document, with every license's tokens made up to its size.
    ///
    /// - Throws: `DocumentError` where its entries contradict each other.
    package func completed(_ chance: Chance) throws(DocumentError) -> RegistryDocument {
        let changes = try DocumentAssembly.changes(of: self, in: EmptyRegistry(), isMerge: false, chance).get()
        var devices: [Device] = []
        var licenses: [License] = []
        var tokens: [Token] = []
        for change in changes {
            switch change {
            case .insertDevice(let device): devices.append(device)
            case .insertLicense(let license): licenses.append(license)
            case .insertToken(let token): tokens.append(token)
            default: break
            }
        }
        return RegistryDocument(devices: devices, licenses: licenses, tokens: tokens)
    }
}
