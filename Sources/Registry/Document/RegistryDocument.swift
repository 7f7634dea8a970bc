package import Documents
import IO

/// A whole registry as one value: what the registry document holds (the operator's file), and what an export gives.
///
/// The order is canonical, so that equal registries make equal documents: devices by serial, licenses by number, tokens
/// by license and serial.
package struct RegistryDocument: Sendable, Equatable {
    /// The devices.
    package let devices: [Device]
    /// The licenses.
    package let licenses: [License]
    /// Every token of every license.
    package let tokens: [Token]

    /// Puts the parts in order.
    ///
    /// They are taken as they are; ``read(_:chance:)`` checks what an operator wrote.
    package init(devices: [Device], licenses: [License], tokens: [Token]) {
        self.devices = devices.sorted { $0.serial < $1.serial }
        self.licenses = licenses.sorted { $0.number < $1.number }
        self.tokens = tokens.sorted { ($0.license, $0.serial) < ($1.license, $1.serial) }
    }

    /// What these changes make of an empty registry.
    init(inserting changes: [Change]) {
        self.init(
            devices: changes.compactMap { if case .insertDevice(let device) = $0 { device } else { nil } },
            licenses: changes.compactMap { if case .insertLicense(let license) = $0 { license } else { nil } },
            tokens: changes.compactMap { if case .insertToken(let token) = $0 { token } else { nil } }
        )
    }

    /// How much it holds.
    package var counts: RegistryCounts {
        RegistryCounts(devices: devices.count, licenses: licenses.count, tokens: tokens.count)
    }

    /// The changes that make an empty registry this one.
    package var changes: [Change] {
        devices.map { .insertDevice($0) } + licenses.map { .insertLicense($0) } + tokens.map { .insertToken($0) }
    }
}

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
        try DocumentDraft.read(utf8: Array(text.utf8)).completed(chance)
    }

    /// Reads a document from a file, as ``read(_:chance:)`` does.
    ///
    /// - Throws: `DocumentError`, also where the file can't be read or is no UTF-8.
    package static func read(file: String, chance: Chance) throws(DocumentError) -> RegistryDocument {
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try File.read(file, limit: sizeLimit)
        } catch {
            throw DocumentError(reason: "\(error)")
        }
        return try DocumentDraft.read(utf8: bytes).completed(chance)
    }
}

extension DocumentDraft {
    /// The whole document, with every license's tokens made up to its size.
    ///
    /// - Throws: `DocumentError` where its entries contradict each other.
    package func completed(_ chance: Chance) throws(DocumentError) -> RegistryDocument {
        RegistryDocument(
            inserting: try DocumentAssembly.changes(of: self, in: MemoryRegistry(), isMerge: false, chance).get()
        )
    }
}
