import Foundation
import TestKit
import Testing

/// Files of labs that something else has written into.
@Suite("Damaged files", .timeLimit(.minutes(2)))
struct DamagedFileTests {
    /// Where a file is damaged.
    enum Damage: CaseIterable, Sendable {
        case header
        case middle
        case half

        func apply(to file: String) throws {
            var bytes = try Data(contentsOf: URL(filePath: file))
            // The first page has the header; SQLite's pages are 4 KiB here.
            switch self {
            case .header: bytes.replaceSubrange(0..<100, with: Data(repeating: 0xA5, count: 100))
            case .middle:
                let pages = 4096..<max(8192, bytes.count / 8192 * 4096)
                bytes.replaceSubrange(pages, with: Data(repeating: 0xA5, count: pages.count))
            case .half: bytes.removeLast(bytes.count / 2)
            }
            try bytes.write(to: URL(filePath: file))
        }
    }

    private static let document = """
        {"devices":[{"serial":"FGT60FTK20000001","registered":true}],
        "licenses":[{"number":"EFTM000000000001","code":"0F1E-2D3C-4B5A-6978-8796","size":200}]}
        """

    @Test(arguments: ["default", "team-a"], Damage.allCases)
    func `a start over a damaged registry is refused by its name, and leaves it as it is`(
        lab: String,
        damage: Damage
    ) async throws {
        let folder = try TemporaryFolder()
        let data = folder.path(of: "data")
        try await ServerProcess.serve(data: data) { server in
            let admin = AdminPlane(server)
            #expect(try await admin.post("/api/v1/labs", #"{"name":"team-a"}"#).status == 201)
            let put = try await admin.call("PUT", AdminPlane.lab("team-a") + "/registry", Self.document)
            #expect(put.status == 200, "\(put.text)")
        }
        let file = data + "/labs/\(lab)/registry.sqlite"
        let other = data + "/labs/\(lab == "default" ? "team-a" : "default")/registry.sqlite"
        try damage.apply(to: file)
        let before = try [file, other].map { try Data(contentsOf: URL(filePath: $0)) }
        // Twice: a refused start is no repair.
        for _ in 1...2 {
            let process = try ServerProcess.launch(
                ["--data", data, "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"]
                    + ["--registry", Repository.demoLab],
                directory: folder.path
            )
            #expect(try await process.wait() == .exited(1))
            let reasons = process.errors.split(separator: "\n").filter { $0.hasPrefix("fauxguard: ") }
            #expect(reasons.count == 1, "\(process.errors)")
            #expect(reasons.first?.contains(file) == true, "\(process.errors)")
            // Pages that are damaged were told in two lines, as SQLite tells them.
            #expect(process.errors.hasSuffix((reasons.last ?? "") + "\n"), "\(process.errors)")
            #expect(process.output.isEmpty)
            let after = try [file, other].map { try Data(contentsOf: URL(filePath: $0)) }
            #expect(after == before, "a refused start wrote into a registry")
        }
    }

    @Test(arguments: Damage.allCases)
    func `what a damaged snapshot or origin would bring back is refused, and changes nothing`(
        damage: Damage
    ) async throws {
        let folder = try TemporaryFolder()
        let data = folder.path(of: "data")
        try await ServerProcess.serve(data: data) { server in
            let admin = AdminPlane(server)
            let lab = AdminPlane.lab("team-a")
            _ = try await admin.post("/api/v1/labs", #"{"name":"team-a","listen":"127.0.0.1:0"}"#)
            _ = try await admin.call("PUT", lab + "/registry", Self.document)
            _ = try await admin.call("PUT", lab + "/clock", #"{"mode":"frozen","now":"2027-03-01T12:00:00Z"}"#)
            _ = try await admin.post(lab + "/snapshots", #"{"name":"kept"}"#)
            let field = ["--header", "X-FauxGuard-Lab: team-a"]
            let activation = WireMessage.activation("0F1E-2D3C-4B5A-6978-8796", by: "FGT60FTK20000001")
            #expect(try await Curl(server).post(activation, field).body.contains("\"result\":1"))
            try damage.apply(to: data + "/labs/team-a/origin.sqlite")
            try damage.apply(to: data + "/labs/team-a/snapshots/kept.sqlite")
            func state() async throws -> [String] {
                var texts: [String] = []
                for path in ["/registry?format=json", "/clock", "/journal", ""] {
                    texts.append(try await admin.get(lab + path).text)
                }
                return texts
            }
            let before = try await state()
            let files = try FileManager.default.subpathsOfDirectory(atPath: data).sorted()
            for path in ["/reset", "/snapshots/kept/restore"] {
                let reply = try await admin.post(lab + path)
                #expect(reply.status == 409 && reply.contentType == "application/problem+json", "\(reply)")
                #expect(reply.int("status") == reply.status, "\(reply.text)")
                #expect(reply.string("detail")?.contains("damaged") == true || damage != .middle, "\(reply.text)")
            }
            #expect(try await state() == before)
            #expect(try FileManager.default.subpathsOfDirectory(atPath: data).sorted() == files)
            // It goes on taking changes.
            #expect(try await admin.post(lab + "/licenses", #"{"size":2}"#).status == 201)
            #expect(try await admin.post(lab + "/snapshots", #"{"name":"sound"}"#).status == 201)
            #expect(try await admin.post(lab + "/snapshots/sound/restore").status == 200)
        }
    }
}
