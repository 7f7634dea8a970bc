import IO

/// The file that says where a server is that is ready: there for as long as it is, and no longer.
final class ReadyFile: Sendable {
    /// What scripts read; it holds no secret.
    private static let mode: UInt32 = 0o644

    private let path: String
    private let origin: String
    private let written = Monitor<Written?>(nil)

    /// The file that was written, locked for as long as its server runs.
    private final class Written: Sendable {
        let identity: File.Identity?
        private let lock: LifeLock?

        init(_ file: String) {
            identity = File.Identity(of: file)
            lock = LifeLock(abandonedAt: file)
        }
    }

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

    /// Removes what an earlier run left where the words of a command line, or else the environment, name the file of a
    /// start that may not get as far as its settings; nothing where they ask for help alone.
    static func removeStale(named words: [String], _ environment: [String: String]) {
        guard words.first == "serve", !words.contains(where: asksForHelp) else { return }
        let named = last(of: words.dropFirst().prefix { $0 != "--" })
        removeStale(at: named ?? environment["FAUXGUARD_READYFILE"])
    }

    /// Removes what an earlier run left there.
    static func removeStale(at path: String?) {
        guard let path, !path.isEmpty, case .file(let file) = FileDraft.Target(of: File.absolute(path)) else { return }
        // Where it can't be removed, the start that comes to its settings says so.
        // One that is locked is that of a server that runs.
        guard let lock = LifeLock(abandonedAt: file) else { return }
        try? File.remove(file)
        withExtendedLifetime(lock) {}
    }

    private static func asksForHelp(_ word: String) -> Bool {
        word == "-h" || ["--version", "--help", "--experimental", "--generate"].contains { word.hasPrefix($0) }
    }

    /// The value of the option that names the file, the last where there are several.
    private static func last(of words: ArraySlice<String>) -> String? {
        let option = "--ready-file"
        var value: String?
        var isNext = false
        for word in words {
            if isNext, !word.hasPrefix("--") { value = word }
            isNext = word == option
            if word.hasPrefix(option + "=") { value = String(word.dropFirst(option.count + 1)) }
        }
        return value
    }

    /// Writes it, whole.
    func write(_ bytes: [UInt8]) throws(SettingsError) {
        do throws(SystemError) {
            try File.replace(path, with: bytes, mode: Self.mode)
            if case .file(let file) = FileDraft.Target(of: path) { written.withLock { $0 = Written(file) } }
        } catch {
            throw refusal(error)
        }
    }

    /// Removes it, unless it is another server's by now; any thread may ask.
    func remove() {
        guard let written = written.withLock({ $0 }), case .file(let file) = FileDraft.Target(of: path),
            File.Identity(of: file) == written.identity
        else { return }
        try? File.remove(file)
    }

    private func refusal(_ error: SystemError) -> SettingsError {
        SettingsError(origin: origin, name: "readyFile", reason: "\(error)")
    }
}
