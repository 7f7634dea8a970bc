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
        try assemble(text, isWhole: true).completed(chance)
    }

    /// Reads a part of a registry, to be merged into one: as ``read(_:chance:)``, but what it names need not be listed.
    ///
    /// - Throws: `DocumentError` with the first thing that is wrong by itself.
    package static func readPart(_ text: String) throws(DocumentError) -> RegistryDraft {
        try assemble(text, isWhole: false).draft
    }

    private static func assemble(_ text: String, isWhole: Bool) throws(DocumentError) -> DocumentAssembly {
        guard text.utf8.count <= sizeLimit else {
            throw DocumentError(reason: "the document is larger than \(sizeLimit >> 20) MiB")
        }
        try refuseAliases(in: text)
        guard let root = try compose(text) else { throw DocumentError(reason: "the document is empty") }
        let entry = try DocumentEntry(root, at: "", keys: ["devices", "licenses", "tokens"])
        var assembly = DocumentAssembly(isWhole: isWhole)
        for (node, path) in try entry.list("devices") {
            try assembly.addDevice(DocumentEntry(node, at: path, keys: DocumentAssembly.deviceKeys))
        }
        for (node, path) in try entry.list("licenses") {
            try assembly.addLicense(DocumentEntry(node, at: path, keys: DocumentAssembly.licenseKeys))
        }
        for (node, path) in try entry.list("tokens") {
            try assembly.addToken(DocumentEntry(node, at: path, keys: DocumentAssembly.tokenKeys))
        }
        return assembly
    }

    private static func compose(_ text: String) throws(DocumentError) -> Node? {
        do {
            return try Yams.compose(yaml: text, .basic)
        } catch let error as YamlError {
            throw DocumentError(error)
        } catch {
            throw DocumentError(reason: "the document can't be read")
        }
    }

    /// Refuses YAML's anchors and aliases before the parser resolves them.
    ///
    /// Nested, they make a short text stand for an endless one. A registry has no use for them, so what looks like one
    /// is refused, in quotes too; the writer escapes it there.
    private static func refuseAliases(in text: String) throws(DocumentError) {
        var line = 1
        var previous: UInt8 = 0x0A
        var isComment = false
        var lineIsBlank = true
        for byte in text.utf8 {
            if byte == 0x0A {
                (line, isComment, lineIsBlank) = (line + 1, false, true)
            } else if lineIsBlank, byte == 0x23 {
                isComment = true
            } else if !isComment, byte == 0x26 || byte == 0x2A, " \t\n\r[{,:?-".utf8.contains(previous) {
                throw DocumentError(line: line, reason: "anchors and aliases ('&', '*') are not read here")
            }
            if byte != 0x20, byte != 0x09, byte != 0x0A { lineIsBlank = false }
            previous = byte
        }
    }
}

extension DocumentError {
    /// What the YAML parser says, without the text around it, which may hold secrets.
    fileprivate init(_ error: YamlError) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            self.init(line: mark.line, reason: "no valid YAML or JSON: \(problem)")
        case .duplicatedKeysInMapping(let duplicates, let context):
            let keys = duplicates.map { "'\($0.prefix(32))'" }.joined(separator: ", ")
            self.init(line: context.mark.line, reason: "the key \(keys) stands twice in one mapping")
        case .reader(let problem, _, _, _):
            self.init(reason: "no valid YAML or JSON: \(problem)")
        default:
            self.init(reason: "no valid YAML or JSON")
        }
    }
}
