import Foundation
import IO
import TestKit
import Testing

@Suite("File drafts")
struct FileDraftTests {
    @Test func `a draft takes its name when it is whole, with the mode it was given`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("old", to: "file")
        let draft = try FileDraft(path, mode: 0o600)
        try draft.append(Array("ne".utf8))
        try draft.append(Array("w".utf8))
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
        try draft.commit()
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "new")
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
        #expect(folder.names == ["file"])
    }

    @Test func `a draft that is let go leaves nothing behind`() throws {
        let folder = try TemporaryFolder()
        do {
            let draft = try FileDraft(folder.path(of: "file"), mode: 0o600)
            try draft.append([0x61])
        }
        #expect(folder.names.isEmpty)
    }

    @Test func `a link stays a link, and what it names is written`() throws {
        let folder = try TemporaryFolder()
        let target = try folder.write("old", to: "target")
        let link = folder.path(of: "link")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
        let draft = try FileDraft(link, mode: 0o600)
        try draft.append(Array("new".utf8))
        try draft.commit()
        #expect(try String(contentsOfFile: target, encoding: .utf8) == "new")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == target)
    }

    /// A key that was written through a link kept the mode of what the link named, such as 0644.
    @Test(arguments: ["target", "missing", "link-to-target"])
    func `through a link, neither the mode nor the readers of what it names are kept`(_ name: String) throws {
        let folder = try TemporaryFolder()
        let target = try folder.write("old", to: "target")
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: target)
        let reader = try #require(FileHandle(forReadingAtPath: target))
        let files = FileManager.default
        try files.createSymbolicLink(atPath: folder.path(of: "link-to-target"), withDestinationPath: "target")
        // Relative, so that it counts from where the link stands.
        let link = folder.path(of: "link")
        try files.createSymbolicLink(atPath: link, withDestinationPath: name)
        try File.replace(link, with: Array("secret".utf8), mode: 0o600)
        #expect(try files.destinationOfSymbolicLink(atPath: link) == name, "a link stays a link")
        #expect(try String(contentsOfFile: link, encoding: .utf8) == "secret")
        let written = folder.path(of: name == "missing" ? "missing" : "target")
        #expect(try files.attributesOfItem(atPath: written)[.posixPermissions] as? Int == 0o600)
        #expect(try reader.readToEnd() == Data("old".utf8), "whoever had it open reads the secret")
        #expect(!folder.names.contains { $0.hasSuffix(".new") }, "\(folder.names)")
    }

    @Test func `streams, pipes and devices stay what they are, and folders are refused`() throws {
        let folder = try TemporaryFolder()
        let link = folder.path(of: "link")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "/dev/stdout")
        for path in ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "/dev/null", link] {
            #expect(FileDraft.Target(of: path) == .stream, "\(path)")
        }
        #expect(FileDraft.Target(of: folder.path) == .folder)
        #expect(FileDraft.Target(of: "/dev/shm/missing-file") == .file("/dev/shm/missing-file"))
        let error = #expect(throws: SystemError.self) { _ = try FileDraft(folder.path, mode: 0o600) }
        #expect(error?.description == "create \(folder.path): Is a directory")
    }

    @Test func `links in a ring are an error of the call that opens them`() throws {
        let folder = try TemporaryFolder()
        let ring = folder.path(of: "ring")
        try FileManager.default.createSymbolicLink(atPath: ring, withDestinationPath: "ring")
        #expect(throws: SystemError.self) { try File.readText(ring) }
        #expect(FileDraft.Target(of: ring) == .file(ring))
    }

    @Test(
        arguments: [
            ("/a/./b//c", "/a/b/c"), ("x", "HERE/x"), ("./x/", "HERE/x"), ("../x", "HERE/../x"), (".", "HERE"),
            ("/", "/"),
        ]
    )
    func `a path from the root means the same in every folder`(_ path: String, _ absolute: String) {
        let here = FileManager.default.currentDirectoryPath
        #expect(File.absolute(path) == absolute.replacing("HERE", with: here))
    }

    @Test func `a folder that is not there is an error that names the file`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path(of: "nowhere/file")
        let error = #expect(throws: SystemError.self) { _ = try FileDraft(path, mode: 0o600) }
        #expect(error?.description == "create \(path): No such file or directory")
    }
}
