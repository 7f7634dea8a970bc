import Documents
import Lab
import Logging
import Registry
import Supplied

/// Opens the labs at the start, and fills an empty default one from the registry document.
extension Serving {
    /// Opens the default lab, those that the listeners name, and those that were made before.
    func openLabs(in folder: LabFolder) async throws -> Labs {
        let labs = Labs()
        folder.sweep()
        do {
            for name in Set(folder.names + settings.listeners.map(\.lab)).union([Lab.defaultName]).sorted() {
                _ = labs.add(try await open(name, in: folder))
            }
            // Every registry is locked by now, so that what is swept is no other server's.
            folder.sweep()
            return labs
        } catch {
            for lab in labs.all { lab.store.close() }
            throw error
        }
    }

    /// Opens the lab, or makes it where it is missing.
    ///
    /// Throws what is wrong with its file or with the document; then nothing was changed.
    private func open(_ name: String, in folder: LabFolder) async throws -> Lab {
        let isDefault = name == Lab.defaultName
        let lab: Lab
        do {
            lab = try await folder.open(name, seed: isDefault ? settings.seed : nil)
        } catch LabFolderError.store(let error) {
            throw error
        } catch LabFolderError.badName {
            throw SettingsError(origin: "listener", name: "listen", reason: "\"\(name)\" can be no lab's name")
        }
        do {
            if isDefault { try await fill(lab, of: folder) }
            try await folder.keepOrigin(of: lab)
        } catch {
            lab.store.close()
            throw error
        }
        return lab
    }

    private func fill(_ lab: Lab, of folder: LabFolder) async throws {
        // One that an earlier version loaded has none yet: this is as near to its first state as there is.
        let origin = folder.originFacts(of: lab)
        if !origin.isEmpty { try await lab.store.setFacts(origin) }
        let source = DocumentSource.registry(for: settings)
        guard try lab.store.isEmpty else {
            logger.notice("registry kept", metadata: ["lab": "\(lab.name)", "unread": "\(source)"])
            return
        }
        guard let document = try read(source, lab) else {
            logger.notice("registry begins empty", metadata: ["lab": "\(lab.name)"])
            return
        }
        try await lab.store.load(document)
        logger.notice(
            "registry loaded",
            metadata: [
                "lab": "\(lab.name)", "from": "\(source)",
                "devices": .stringConvertible(document.devices.count),
                "licenses": .stringConvertible(document.licenses.count),
                "tokens": .stringConvertible(document.tokens.count),
            ]
        )
    }

    /// The document that the lab begins with; nil where it is to begin empty.
    private func read(_ source: DocumentSource, _ lab: Lab) throws(SettingsError) -> RegistryDocument? {
        try source.check("registry", isFolder: false)
        do throws(DocumentError) {
            switch source {
            case .path(let path, _): return try RegistryDocument.read(file: path, chance: lab.chance)
            case .binary:
                let text = String(decoding: SuppliedDocument.registry.bytes, as: UTF8.self)
                return try RegistryDocument.read(text, chance: lab.chance)
            case .none: return nil
            }
        } catch {
            throw SettingsError(origin: "\(source)", name: "registry", reason: "\(error)")
        }
    }
}
