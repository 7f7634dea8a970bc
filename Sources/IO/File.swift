package import Glibc

/// Small files, whole: for start-up, exports and announcements, never on a loop.
package enum File {
    /// Reads a file of at most `limit` bytes; a longer one is an error, `EFBIG`.
    package static func read(_ path: String, limit: Int = 1 << 20) throws(SystemError) -> [UInt8] {
        let number = try SystemCall.require("open", on: path) { unsafe Int(open(path, O_RDONLY | O_CLOEXEC)) }
        let descriptor = OwnedDescriptor(adopting: CInt(number))
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

    /// Makes the file hold `bytes`: whole and durable, or as it was.
    ///
    /// The bytes go to a new file of the final mode beside it, which then takes the name.
    package static func replace(_ path: String, with bytes: [UInt8], mode: mode_t) throws(SystemError) {
        let draft = "\(path).\(getpid()).new"
        _ = unsafe unlink(draft)
        do throws(SystemError) {
            try writeDraft(draft, bytes, mode: mode)
            try SystemCall.require("rename", on: path) { unsafe Int(rename(draft, path)) }
        } catch {
            _ = unsafe unlink(draft)
            throw error
        }
    }

    private static func writeDraft(_ path: String, _ bytes: [UInt8], mode: mode_t) throws(SystemError) {
        let flags = O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC
        let number = try SystemCall.require("create", on: path) { unsafe Int(open(path, flags, mode)) }
        let descriptor = OwnedDescriptor(adopting: CInt(number))
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = try SystemCall.require("write", on: path) {
                unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor.number, $0.baseAddress, $0.count) }
            }
            rest = rest.dropFirst(count)
        }
        try SystemCall.require("fsync", on: path) { Int(fsync(descriptor.number)) }
    }

    /// Gives a file or folder another name in the same folder, for good.
    ///
    /// A folder takes no name that one with something in it has.
    package static func move(_ path: String, to other: String) throws(SystemError) {
        try SystemCall.require("rename", on: path) { unsafe Int(rename(path, other)) }
        let folder = other.lastIndex(of: "/").map { String(other[...$0]) } ?? "."
        let number = try SystemCall.require("open", on: folder) {
            unsafe Int(open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC))
        }
        let descriptor = OwnedDescriptor(adopting: CInt(number))
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
        // What already was there may be no folder.
        let number = try SystemCall.require("open", on: path) {
            unsafe Int(open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC))
        }
        OwnedDescriptor(adopting: CInt(number)).close()
    }
}
