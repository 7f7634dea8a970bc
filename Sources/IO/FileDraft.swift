package import Glibc

/// A file that is written piece by piece and takes its name only once it is whole.
///
/// What is at the path already, such as `/dev/stdout` or a pipe, is written to directly where it is no regular file: it
/// could not be replaced without harm.
package struct FileDraft: ~Copyable {
    private let path: String
    private let draft: String?
    private let descriptor: OwnedDescriptor
    private var isCommitted = false

    /// Begins a file of this mode, whoever's mask is set.
    package init(_ path: String, mode: mode_t) throws(SystemError) {
        // A link is followed to what it names, which may be a device; a link to a regular file stays a link.
        let isDirect = Self.isOther(path)
        let draft = isDirect ? nil : "\(path).\(getpid()).new"
        if let draft { _ = unsafe unlink(draft) }
        let flags = isDirect ? O_WRONLY | O_TRUNC | O_CLOEXEC : O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC
        let number = try SystemCall.require("create", on: path) { unsafe Int(open(draft ?? path, flags, mode)) }
        if draft != nil { _ = fchmod(CInt(number), mode) }
        self.path = path
        self.draft = draft
        descriptor = OwnedDescriptor(adopting: CInt(number))
    }

    private static func isOther(_ path: String) -> Bool {
        var status = stat()
        return unsafe lstat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
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
        try SystemCall.require("rename", on: path) { unsafe Int(rename(draft, path)) }
        isCommitted = true
    }
}
