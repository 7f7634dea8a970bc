package import Glibc

/// Small files, whole: for start-up, exports and announcements, never on a loop.
package enum File {
    /// Reads a file of at most `limit` bytes; a longer one is an error, `EFBIG`.
    package static func read(_ path: String, limit: Int = 1 << 20) throws(SystemError) -> [UInt8] {
        let descriptor = try OwnedDescriptor(opening: path)
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = try SystemCall.require("read", on: path) {
                unsafe Glibc.read(descriptor.number, &chunk, chunk.count)
            }
            guard count > 0 else { return bytes }
            bytes += chunk[..<count]
            guard bytes.count <= limit else { throw SystemError(EFBIG, in: "read", on: path) }
        }
    }

    /// Reads a file of UTF-8 text; anything else is an error, `EILSEQ`.
    package static func readText(_ path: String, limit: Int = 1 << 20) throws(SystemError) -> String {
        guard let text = String(validating: try read(path, limit: limit), as: UTF8.self) else {
            throw SystemError(EILSEQ, in: "read", on: path)
        }
        return text
    }

    /// Makes the file hold `bytes`: whole and durable, or as it was; as ``FileDraft`` does.
    package static func replace(_ path: String, with bytes: [UInt8], mode: mode_t) throws(SystemError) {
        let draft = try FileDraft(path, mode: mode)
        try draft.append(bytes)
        try draft.commit()
    }

    /// Whether a path leads to a folder.
    package static func isFolder(_ path: String) -> Bool { kind(of: path) == S_IFDIR }

    /// Whether a path leads to a regular file.
    package static func isRegular(_ path: String) -> Bool { kind(of: path) == S_IFREG }

    fileprivate static func kind(of path: String) -> mode_t? { status(of: path).map { $0.st_mode & S_IFMT } }

    /// What the path names now, links followed; nil where there is nothing.
    fileprivate static func status(of path: String) -> stat? {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? status : nil
    }

    /// Opens what is to be read and lets it go: throws where it is not there, may not be read, or is of the other kind.
    package static func probe(_ path: String, isFolder: Bool) throws(SystemError) {
        // Without waiting for who writes into a pipe.
        try OwnedDescriptor(opening: path, O_RDONLY | O_NONBLOCK | (isFolder ? O_DIRECTORY : 0)).close()
        if !isFolder, Self.isFolder(path) { throw SystemError(EISDIR, in: "open", on: path) }
    }

    /// Removes a file, or a link; one that is not there is removed as well.
    package static func remove(_ path: String) throws(SystemError) {
        guard case .failed(let code) = SystemCall.perform({ unsafe Int(unlink(path)) }), code != ENOENT else { return }
        throw SystemError(code, in: "remove", on: path)
    }

    /// Which file a name stands for, whatever it is called later.
    package struct Identity: Sendable, Hashable {
        private let device: UInt64
        private let number: UInt64

        /// The file that the path names now, links followed; nil where there is none.
        package init?(of path: String) {
            guard let status = File.status(of: path) else { return nil }
            device = UInt64(status.st_dev)
            number = UInt64(status.st_ino)
        }
    }

    /// The path from the root, so that it means the same in every folder; links stay in it.
    package static func absolute(_ path: String) -> String {
        let folder = unsafe getcwd(nil, 0)
        defer { unsafe free(folder) }
        let current = unsafe folder.map { unsafe String(cString: $0) } ?? "/"
        let whole = path.hasPrefix("/") ? path : "\(current)/\(path)"
        return "/" + whole.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
    }

    /// A file's size in bytes, and when it was last written, in seconds since 1970.
    package static func facts(of path: String) throws(SystemError) -> (size: Int, written: Int64) {
        var facts = stat()
        try SystemCall.require("stat", on: path) { unsafe Int(stat(path, &facts)) }
        return (Int(facts.st_size), Int64(facts.st_mtim.tv_sec))
    }

    /// Gives a file or folder another name in the same folder, for good.
    ///
    /// A folder takes no name that one with something in it has.
    package static func move(_ path: String, to other: String) throws(SystemError) {
        try SystemCall.require("rename", on: path) { unsafe Int(rename(path, other)) }
        let folder = other.lastIndex(of: "/").map { String(other[...$0]) } ?? "."
        let descriptor = try OwnedDescriptor(opening: folder, O_RDONLY | O_DIRECTORY)
        try SystemCall.require("fsync", on: folder) { Int(fsync(descriptor.number)) }
    }

    /// Makes a folder of mode 0700 with its parents, where they are missing.
    package static func makeFolder(_ path: String) throws(SystemError) {
        var built = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            built += built.isEmpty || built.hasSuffix("/") ? part : "/" + part
            switch SystemCall.perform({ unsafe Int(mkdir(built, 0o700)) }) {
            case .done, .wouldBlock: continue
            case .failed(EEXIST): continue
            case .failed(let code): throw SystemError(code, in: "mkdir", on: built)
            }
        }
        // What already was there may be no folder, or a link to none.
        try OwnedDescriptor(opening: path, O_RDONLY | O_DIRECTORY).close()
    }
}

/// A file that is written piece by piece and takes its name only once it is whole.
///
/// It is a new file of its own mode, so that neither the mode nor the open readers of what stood there before decide
/// who reads it. What is no regular file, such as `/dev/stdout` or a pipe, is written to directly: it could not be
/// replaced without harm.
package struct FileDraft: ~Copyable {
    /// Where what is written to a path ends up.
    package enum Target: Sendable, Hashable {
        /// A device, a pipe, or a stream of this process: it stays what it is.
        case stream
        /// The file, there or not, that the path names: a link stays a link, and the file that it leads to is replaced.
        case file(String)
        /// A folder, which is no place for bytes.
        case folder

        /// Follows links to their end; what can't be followed is left to the call that opens it.
        package init(of path: String) {
            var path = path
            // The kernel's own limit; see path_resolution(7).
            for _ in 0..<40 {
                // Links of these two lead to what a process has open, whatever it is.
                if path.hasPrefix("/proc/") || path.hasPrefix("/dev/") && !path.hasPrefix("/dev/shm/") {
                    self = .stream
                    return
                }
                guard let next = Self.destination(of: path) else { break }
                path = next
            }
            switch File.kind(of: path) {
            case S_IFDIR?: self = .folder
            case S_IFREG?, nil: self = .file(path)
            default: self = .stream
            }
        }

        /// What a link names, from where it stands; nil for what is none.
        private static func destination(of path: String) -> String? {
            var letters = [CChar](repeating: 0, count: Int(PATH_MAX))
            let count = unsafe readlink(path, &letters, letters.count)
            guard count > 0 else { return nil }
            let name = String(decoding: letters.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
            guard !name.hasPrefix("/"), let slash = path.lastIndex(of: "/") else { return name }
            return path[...slash] + name
        }
    }

    private let path: String
    private let file: String
    private let draft: String?
    private let descriptor: OwnedDescriptor
    private var isCommitted = false

    /// Begins a file of this mode, whoever's mask is set.
    package init(_ path: String, mode: mode_t) throws(SystemError) {
        let (draft, file): (String?, String)
        switch Target(of: path) {
        case .stream: (draft, file) = (nil, path)
        case .folder: throw SystemError(EISDIR, in: "create", on: path)
        case .file(let end): (draft, file) = ("\(end).\(getpid()).new", end)
        }
        if let draft { _ = unsafe unlink(draft) }
        let flags = draft == nil ? O_WRONLY | O_TRUNC | O_CLOEXEC : O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC
        descriptor = try OwnedDescriptor("create", on: path) { unsafe open(draft ?? path, flags, mode) }
        if draft != nil { _ = fchmod(descriptor.number, mode) }
        self.path = path
        self.file = file
        self.draft = draft
    }

    deinit {
        if let draft, !isCommitted { _ = unsafe unlink(draft) }
    }

    /// Appends bytes.
    package func append(_ bytes: [UInt8]) throws(SystemError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = try SystemCall.require("write", on: path) {
                unsafe rest.withUnsafeBytes { unsafe write(descriptor.number, $0.baseAddress, $0.count) }
            }
            rest = rest.dropFirst(count)
        }
    }

    /// Makes it durable and gives it its name.
    package consuming func commit() throws(SystemError) {
        guard let draft else { return }
        try SystemCall.require("fsync", on: path) { Int(fsync(descriptor.number)) }
        try SystemCall.require("rename", on: path) { unsafe Int(rename(draft, file)) }
        isCommitted = true
    }
}
