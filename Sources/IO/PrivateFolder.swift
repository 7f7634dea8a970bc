package import Glibc

/// Folders that are their owner's alone, with what is in them.
///
/// What is looked at and changed is what was opened, never a name for the second time, and links below a folder are not
/// followed: while it was open to others, somebody else may have put them there.
package enum PrivateFolder {
    /// What was open to others than its owner, and no longer is.
    package struct Change: Sendable, Equatable {
        /// The folder or file.
        package let path: String
        /// The mode that it had.
        package let mode: mode_t
    }

    /// Makes a folder where it is missing, mode 0700, and takes it for this user alone where it is there.
    ///
    /// - Returns: what it was, where it was open to others.
    /// - Throws: ``PrivateFolderError`` where it is no folder, another user's, or can't be written to.
    package static func claim(_ path: String) throws(PrivateFolderError) -> Change? {
        let owner: uid_t
        do throws(SystemError) {
            try File.makeFolder(path)
            let descriptor = try OwnedDescriptor(opening: path, O_RDONLY | O_DIRECTORY)
            let status = try status(of: descriptor.number, named: path)
            owner = status.st_uid
            if owner == geteuid() {
                let change = try narrow(descriptor.number, status, named: path)
                try SystemCall.require("write to", on: path) {
                    unsafe Int(faccessat(descriptor.number, ".", W_OK | X_OK, AT_EACCESS))
                }
                return change
            }
        } catch {
            throw .system(error)
        }
        throw .foreign(path: path, owner: owner, user: geteuid())
    }

    /// Takes what is in a folder, and so many folders deep, for its owner alone.
    ///
    /// - Returns: what was open to others, outer things first.
    package static func narrow(contentsOf path: String, depth: Int) throws(SystemError) -> [Change] {
        let descriptor = try OwnedDescriptor(opening: path, O_RDONLY | O_DIRECTORY)
        var changes: [Change] = []
        try narrow(contentsOf: descriptor, named: path, depth, into: &changes)
        return changes
    }

    private static func narrow(
        contentsOf folder: borrowing OwnedDescriptor,
        named path: String,
        _ depth: Int,
        into changes: inout [Change]
    ) throws(SystemError) {
        for name in try names(in: folder.number, named: path) {
            let inner = "\(path)/\(name)"
            // Without waiting where it is a pipe, and never through a link.
            let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
            let number: CInt
            switch SystemCall.perform({ unsafe Int(openat(folder.number, name, flags)) }) {
            case .done(let opened): number = CInt(opened)
            // A link; a socket; gone since it was listed.
            case .failed(ELOOP), .failed(ENXIO), .failed(ENOENT), .wouldBlock: continue
            case .failed(let code): throw SystemError(code, in: "open", on: inner)
            }
            let descriptor = OwnedDescriptor(adopting: number)
            let status = try status(of: number, named: inner)
            let kind = status.st_mode & S_IFMT
            guard kind == S_IFDIR || kind == S_IFREG else { continue }
            if let change = try narrow(number, status, named: inner) { changes.append(change) }
            guard kind == S_IFDIR, depth > 0 else { continue }
            try narrow(contentsOf: descriptor, named: inner, depth - 1, into: &changes)
        }
    }

    private static func narrow(_ number: CInt, _ status: stat, named path: String) throws(SystemError) -> Change? {
        let mode = status.st_mode & 0o7777
        guard mode & 0o077 != 0 else { return nil }
        try SystemCall.require("chmod", on: path) { Int(fchmod(number, mode & 0o700)) }
        return Change(path: path, mode: mode)
    }

    private static func status(of number: CInt, named path: String) throws(SystemError) -> stat {
        var status = stat()
        try SystemCall.require("stat", on: path) { unsafe Int(fstat(number, &status)) }
        return status
    }

    private static func names(in number: CInt, named path: String) throws(SystemError) -> [String] {
        // The stream closes its descriptor, so it gets one of its own.
        let own = try SystemCall.require("open", on: path) {
            unsafe Int(openat(number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC))
        }
        guard let stream = unsafe fdopendir(CInt(own)) else {
            let code = errno
            OwnedDescriptor(adopting: CInt(own)).close()
            throw SystemError(code, in: "read", on: path)
        }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}

/// Why a folder can't be taken for this user alone.
package enum PrivateFolderError: Error, CustomStringConvertible {
    /// It belongs to somebody else, who could look into it and take it away.
    case foreign(path: String, owner: uid_t, user: uid_t)
    /// The file system refused.
    case system(SystemError)

    /// One line for an operator.
    package var description: String {
        switch self {
        case .foreign(let path, let owner, let user):
            "\(path) belongs to user \(owner), and this runs as user \(user): give it to that user, or name another"
        case .system(let error): "\(error)"
        }
    }
}

/// A file that is locked for as long as the process that made it lives, however that ends.
package struct LifeLock: ~Copyable, Sendable {
    private let descriptor: OwnedDescriptor

    /// Makes the file.
    ///
    /// It gets its name when it is locked, so that nobody finds it without an owner before that.
    package init(at path: String) throws(SystemError) {
        let draft = "\(path).\(getpid()).new"
        // One of the same number, which a container's first process has always, may have ended before it got its name.
        _ = unsafe unlink(draft)
        let descriptor = try OwnedDescriptor("create", on: path) {
            unsafe open(draft, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        }
        try SystemCall.require("lock", on: path) { Int(flock(descriptor.number, LOCK_EX | LOCK_NB)) }
        try SystemCall.require("rename", on: path) { unsafe Int(rename(draft, path)) }
        self.descriptor = descriptor
    }

    /// Takes over a lock that a process of this user left when it ended; nil where there is none, or its process lives.
    package init?(abandonedAt path: String) {
        let number = unsafe open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard number >= 0 else { return nil }
        let descriptor = OwnedDescriptor(adopting: number)
        var status = stat()
        guard unsafe fstat(number, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid(),
            flock(number, LOCK_EX | LOCK_NB) == 0
        else { return nil }
        self.descriptor = descriptor
    }
}
