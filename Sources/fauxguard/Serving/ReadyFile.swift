import IO

/// The file that says where a server is that is ready: there for as long as it is, and no longer.
final class ReadyFile: Sendable {
    /// What scripts read; it holds no secret.
    private static let mode: UInt32 = 0o644

    private let path: String
    private let origin: String
    private let written = Monitor<File.Identity?>(nil)

    /// Removes what an earlier run left, and makes sure that the file can be written when its time comes.
    init(_ path: String, of settings: Settings) throws(SettingsError) {
        self.path = File.absolute(path)
        origin = settings.origin(of: "readyFile")
        do throws(SystemError) {
            switch FileDraft.Target(of: self.path) {
            // Whoever reads it waits for it to be written, and so would this.
            case .stream: return
            case .file(let file): try File.remove(file)
            case .folder: break
            }
            // Let go at once: it leaves nothing.
            _ = try FileDraft(self.path, mode: Self.mode)
        } catch {
            throw refusal(error)
        }
    }

    /// Writes it, whole.
    func write(_ bytes: [UInt8]) throws(SettingsError) {
        do throws(SystemError) {
            try File.replace(path, with: bytes, mode: Self.mode)
            if case .file(let file) = FileDraft.Target(of: path) { written.withLock { $0 = File.Identity(of: file) } }
        } catch {
            throw refusal(error)
        }
    }

    /// Removes it, unless it is another server's by now; any thread may ask.
    func remove() {
        guard let written = written.withLock({ $0 }), case .file(let file) = FileDraft.Target(of: path),
            File.Identity(of: file) == written
        else { return }
        try? File.remove(file)
    }

    private func refusal(_ error: SystemError) -> SettingsError {
        SettingsError(origin: origin, name: "readyFile", reason: "\(error)")
    }
}
