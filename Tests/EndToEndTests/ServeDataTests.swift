import Foundation
import TestKit
import Testing

/// What `serve` keeps in its data folder, and who may read it.
@Suite("serve, data folder", .serialized, .timeLimit(.minutes(1)))
struct ServeDataTests {
    private static let activation = WireMessage.activation("0F1E-2D3C-4B5A-6978-8796", by: "FGT60FTK20000001")

    @Test func `folders are 0700, keys and registry 0600, whatever the umask`() async throws {
        let folder = try TemporaryFolder()
        let data = folder.path(of: "data")
        let server = try await ServerProcess.start(
            data: data,
            under: ["/bin/sh", "-c", "umask 0 && exec \"$0\" \"$@\""]
        )
        _ = try await Curl(server).post(Self.activation)
        let names = try FileManager.default.subpathsOfDirectory(atPath: data).sorted()
        #expect(names.contains("labs/default/registry.sqlite"))
        #expect(names.contains { $0.hasPrefix("pki/") && $0.hasSuffix(".key") })
        for path in [data] + names.map({ data + "/" + $0 }) {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            let mode = try #require(attributes[.posixPermissions] as? Int)
            let isFolder = attributes[.type] as? FileAttributeType == .typeDirectory
            // Certificates are for everyone to read and for nobody else to write.
            let allowed = isFolder ? 0o700 : path.hasSuffix(".pem") ? 0o644 : 0o600
            #expect(mode & ~allowed == 0, "\(path) is \(String(mode, radix: 8))")
        }
        try await server.terminate()
    }

    /// A data folder that was open to others stayed so, and so did the registries in it.
    @Test func `a data folder that was open to others is closed to them, and the log says so`() async throws {
        let folder = try TemporaryFolder()
        let data = folder.path(of: "data")
        try await ServerProcess.serve(data: data) { _ in }
        let registry = data + "/labs/default/registry.sqlite"
        for (path, mode) in [(data, 0o755), (data + "/labs", 0o777), (registry, 0o644), (data + "/pki", 0o755)] {
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        }
        try await ServerProcess.serve(data: data) { server in
            for path in [data, data + "/labs", data + "/pki", registry, registry + "-wal"] {
                let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
                #expect(mode == (path.contains("registry") ? 0o600 : 0o700), "\(path)")
            }
            for path in [data, data + "/labs", registry] {
                _ = try await server.logLine(with: "was open to other users", "path=\(path)")
            }
        }
    }

    @Test func `keys and authority are kept from start to start`() async throws {
        let folder = try TemporaryFolder()
        let data = folder.path(of: "data")
        var authority = ""
        try await ServerProcess.serve(data: data) { server in
            authority = try String(contentsOfFile: server.authority, encoding: .utf8)
            #expect(server.log.contains("ca.pem: minted"))
        }
        try await ServerProcess.serve(data: data) { server in
            let kept = try String(contentsOfFile: server.authority, encoding: .utf8)
            #expect(kept == authority)
            #expect(!server.log.contains("minted"))
            let reply = try await Curl(server).post(Self.activation)
            #expect(reply.status == 200)
        }
    }

    @Test func `the registry document is loaded into an empty lab only, and the log says so`() async throws {
        let folder = try TemporaryFolder()
        let data = folder.path(of: "data")
        let other = try folder.write("devices: [{ serial: FGT60FTK20000001, registered: false }]\n", to: "other.yaml")
        var granted = ""
        try await ServerProcess.serve(data: data) { server in
            let line = try await server.logLine(with: " notice registry loaded ")
            #expect(line.contains("from=\(Repository.demoLab)"))
            #expect(line.contains("lab=default"))
            #expect(line.contains("devices=14"))
            granted = try await Curl(server).post(Self.activation).body
        }
        try await ServerProcess.serve(data: data, registry: other) { server in
            let line = try await server.logLine(with: " notice registry kept ")
            #expect(line.contains("unread=\(other)"))
            #expect(try await Curl(server).post(Self.activation).body == granted)
        }
        // Not even read: a lab that is in use starts without its first document.
        try await ServerProcess.serve(data: data, registry: "/nowhere/registry.yaml") { server in
            let reply = try await Curl(server).post(Self.activation)
            #expect(reply.body == granted)
        }
    }

    @Test func `equal seeds give equal labs, and others do not`() async throws {
        var answers: [String] = []
        for seed in ["5", "5", "6"] {
            try await ServerProcess.serve(arguments: ["--seed", seed]) { server in
                answers.append(try await Curl(server).post(Self.activation).body)
            }
        }
        #expect(answers[0] == answers[1])
        #expect(answers[0] != answers[2])
    }
}
