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

    /// Writes a text with secrets to a file of mode 0600: whole, or not at all.
    ///
    /// - Throws: `DocumentError` where the file can't be written; what stood there before still stands.
    package static func write(_ text: String, toFile file: String) throws(DocumentError) {
        do throws(SystemError) {
            try File.replace(file, with: Array(text.utf8), mode: 0o600)
        } catch {
            throw DocumentError(reason: "\(error)")
        }
    }
}
