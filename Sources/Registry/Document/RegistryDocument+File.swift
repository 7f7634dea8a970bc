package import Documents
import IO

extension RegistryDocument {
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
