import Foundation
import Glibc
import IO
import TestKit
import Testing

@Suite("Private folders")
struct PrivateFolderTests {
    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    private func set(_ mode: Int, _ path: String) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    private func make(_ path: String, _ mode: Int) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        try set(mode, path)
    }

    /// A data folder that somebody had made with the usual mode stayed open to everybody.
    @Test func `a folder that was open to others is closed to them, and it is told what it was`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path(of: "data")
        try make(path, 0o775)
        let change = try #require(try PrivateFolder.claim(path))
        #expect(change.path == path && change.mode == 0o775)
        #expect(try mode(path) == 0o700)
        #expect(try PrivateFolder.claim(path) == nil)
    }

    @Test func `a folder that is not there is made for its owner alone, whatever the mask`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path(of: "a/b/data")
        #expect(try PrivateFolder.claim(path) == nil)
        #expect(try mode(path) == 0o700)
        #expect(try mode(folder.path(of: "a")) == 0o700)
    }

    @Test func `a link to a folder is followed, and that folder is closed`() throws {
        let folder = try TemporaryFolder()
        let (target, link) = (folder.path(of: "target"), folder.path(of: "link"))
        try make(target, 0o755)
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "target")
        #expect(try PrivateFolder.claim(link)?.mode == 0o755)
        #expect(try mode(target) == 0o700)
    }

    @Test func `what is no folder is refused`() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("", to: "file")
        let link = folder.path(of: "link")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "nowhere")
        for (path, reason) in [(file, "Not a directory"), (link, "No such file or directory")] {
            let error = #expect(throws: PrivateFolderError.self) { try PrivateFolder.claim(path) }
            #expect(error.map { "\($0)" } == "open \(path): \(reason)")
        }
    }

    @Test(.enabled(if: geteuid() == 0, "only root can give a folder away"))
    func `another user's folder is refused and left as it is`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path(of: "data")
        try make(path, 0o755)
        try FileManager.default.setAttributes([.ownerAccountID: 12345], ofItemAtPath: path)
        let error = #expect(throws: PrivateFolderError.self) { try PrivateFolder.claim(path) }
        #expect(error.map { "\($0)" }?.contains("\(path) belongs to user 12345") == true)
        #expect(try mode(path) == 0o755)
    }

    @Test func `what is in a folder is closed to others, but nothing that a link leads to`() throws {
        let folder = try TemporaryFolder()
        let outside = try folder.write("outside", to: "outside")
        let labs = folder.path(of: "labs")
        try make(labs, 0o700)
        try make(labs + "/one", 0o755)
        try make(labs + "/one/snapshots", 0o770)
        for (name, mode) in [
            ("one/registry.sqlite", 0o644), ("one/registry.sqlite-wal", 0o600), ("one/snapshots/a.sqlite", 0o664),
        ] {
            try Data().write(to: URL(filePath: "\(labs)/\(name)"))
            try set(mode, "\(labs)/\(name)")
        }
        try set(0o644, outside)
        try FileManager.default.createSymbolicLink(atPath: labs + "/one/link", withDestinationPath: outside)
        // Opened for reading alone it would wait for a writer.
        let pipe = try NamedPipe(at: labs + "/one/pipe")
        defer { pipe.close() }
        let changes = try PrivateFolder.narrow(contentsOf: labs, depth: 2)
        #expect(
            changes.map(\.path)
                == ["one", "one/registry.sqlite", "one/snapshots", "one/snapshots/a.sqlite"]
                .map { "\(labs)/\($0)" }
        )
        #expect(try mode(labs + "/one/registry.sqlite") == 0o600)
        #expect(try mode(labs + "/one/snapshots") == 0o700)
        #expect(try mode(outside) == 0o644)
        #expect(try PrivateFolder.narrow(contentsOf: labs, depth: 2).isEmpty)
    }

    @Test func `a lock is abandoned when who took it is gone, and not before`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path(of: "lock")
        #expect(!isAbandoned(path), "there is none")
        do {
            let lock = try LifeLock(at: path)
            #expect(!isAbandoned(path), "its owner lives")
            _ = consume lock
        }
        #expect(isAbandoned(path))
        #expect(folder.names == ["lock"])
    }

    /// A process that was killed in the middle of a start once kept all later ones of its number from starting.
    @Test func `what was left of a start that was broken off is no hindrance`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path(of: "lock")
        try File.replace("\(path).\(Process.id).new", with: [], mode: 0o600)
        let lock = try LifeLock(at: path)
        #expect(folder.names == ["lock"])
        _ = consume lock
    }

    private func isAbandoned(_ path: String) -> Bool {
        guard let lock = LifeLock(abandonedAt: path) else { return false }
        _ = consume lock
        return true
    }
}
