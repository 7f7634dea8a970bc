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

    @Test func `a folder that is not there is an error that names the file`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path(of: "nowhere/file")
        let error = #expect(throws: SystemError.self) { _ = try FileDraft(path, mode: 0o600) }
        #expect(error?.description == "create \(path): No such file or directory")
    }
}
