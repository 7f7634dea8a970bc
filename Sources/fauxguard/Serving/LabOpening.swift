import Lab
import Logging
import Registry

/// Opens a lab: its registry's file, and the document that an empty one begins with.
struct LabOpening {
    let folder: DataFolder
    let settings: Settings
    let logger: Logger

    /// Opens the lab's registry; fills it from the registry document where it is empty.
    ///
    /// Throws what is wrong with the file or with the document; then nothing was changed.
    func open(_ name: String, _ choices: Lab.Choices) async throws -> Lab {
        let path = try folder.lab(name) + "/registry.sqlite"
        let logger = self.logger
        let store = try RegistryStore.open(path: path) { error in logger.error("\(error)", metadata: ["lab": "\(name)"])
        }
        let lab = Lab(
            name: name,
            seed: settings.seed,
            clock: .host,
            store: store,
            choices: choices,
            journal: settings.journal,
            loops: settings.loopCount
        )
        do {
            guard try store.isEmpty else {
                logger.notice("registry kept", metadata: ["lab": "\(name)", "unread": "\(settings.registry)"])
                return lab
            }
            let document = try read(lab)
            try await store.load(document)
            logger.notice(
                "registry loaded",
                metadata: [
                    "lab": "\(name)", "from": "\(settings.registry)", "devices": "\(document.devices.count)",
                    "licenses": "\(document.licenses.count)", "tokens": "\(document.tokens.count)",
                ]
            )
        } catch {
            store.close()
            throw error
        }
        return lab
    }

    private func read(_ lab: Lab) throws(SettingsError) -> RegistryDocument {
        do throws(DocumentError) {
            return try RegistryDocument.read(file: settings.registry, chance: lab.chance)
        } catch {
            throw SettingsError(origin: settings.registry, name: "registry", reason: "\(error)")
        }
    }
}
