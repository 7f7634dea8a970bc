package import Glibc

/// A file that is written piece by piece and takes its name only once it is whole.
///
/// It is a new file of its own mode, so that neither the mode nor the open readers of what stood there before decide who
/// reads it. What is no regular file, such as `/dev/stdout` or a pipe, is written to directly: it could not be replaced
/// without harm.
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
            var status = stat()
            let isThere = unsafe stat(path, &status) == 0
            switch status.st_mode & S_IFMT {
            case S_IFDIR where isThere: self = .folder
            case S_IFREG where isThere: self = .file(path)
            default: self = isThere ? .stream : .file(path)
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
        let number = try SystemCall.require("create", on: path) { unsafe Int(open(draft ?? path, flags, mode)) }
        if draft != nil { _ = fchmod(CInt(number), mode) }
        self.path = path
        self.file = file
        self.draft = draft
        descriptor = OwnedDescriptor(adopting: CInt(number))
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
