package import Documents

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
    /// - Throws: `DocumentError` with everything that is wrong; nothing of such a document is used.
    package static func read(_ text: String, chance: Chance) throws(DocumentError) -> RegistryDocument {
        try DocumentDraft.read(text).completed(chance)
    }
}

extension DocumentDraft {
    /// The whole document, with every license's tokens made up to its size.
    ///
    /// - Throws: `DocumentError` where its entries contradict each other.
    package func completed(_ chance: Chance) throws(DocumentError) -> RegistryDocument {
        let changes = try DocumentAssembly.changes(of: self, in: MemoryRegistry(), isMerge: false, chance).get()
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
