import Foundation
import TestKit
import Testing

/// Labs that come and go while the server runs.
@Suite("Admin, labs", .timeLimit(.minutes(2)))
struct AdminLabTests {
    private let unit = "FGT60FTK20000001"
    private let document = """
        {"devices":[{"serial":"FGT60FTK20000001","registered":true}],
        "licenses":[{"number":"EFTM000000000001","code":"0F1E-2D3C-4B5A-6978-8796","size":2}]}
        """

    @Test func `two labs with the same serials do not see each other, and one is reset in the middle`() async throws {
        try await ServiceWorld.run { world in
            let admin = world.admin
            for name in ["team-a", "team-b"] {
                #expect(try await admin.post("/api/v1/labs", "{\"name\":\"\(name)\"}").status == 201)
                let put = try await admin.call("PUT", AdminPlane.lab(name) + "/registry", document)
                #expect(put.status == 200 && put.int("tokens") == 2, "\(put.text)")
            }
            func activate(_ lab: String) async throws -> String {
                let message = WireMessage.activation("0F1E-2D3C-4B5A-6978-8796", by: unit)
                return try await world.post(message, lab: lab).body
            }
            func owner(_ lab: String) async throws -> String? {
                try await admin.get(AdminPlane.lab(lab) + "/licenses/EFTM000000000001").string("owner")
            }
            #expect(try await activate("team-a").contains("\"result\":1"))
            #expect(try await owner("team-a") == unit)
            #expect(try await owner("team-b") == nil)
            #expect(try await owner("default") == nil)
            #expect(try await activate("team-b").contains("\"result\":1"))
            let reset = try await admin.post(AdminPlane.lab("team-a") + "/reset")
            #expect(reset.status == 200 && reset.int("licenses") == 1, "\(reset.text)")
            #expect(try await owner("team-a") == nil)
            #expect(try await owner("team-b") == unit)
        }
    }

    @Test(
        arguments: [
            (#"{"name":"default"}"#, 409), (#"{"name":"main"}"#, 409), (#"{"name":"Team"}"#, 422),
            (#"{"name":"../x"}"#, 422),
            (#"{"name":""}"#, 422), ("{}", 422), (#"{"name":"a","listen":"nowhere:1"}"#, 422),
            (#"{"name":"a","listen":"127.0.0.1:99999"}"#, 422), (#"{"name":"a","seed":-1}"#, 422),
            (#"{"name":"a","listen":"192.0.2.1:0"}"#, 409),
        ]
    )
    func `a lab that cannot be made leaves nothing behind`(body: String, status: Int) async throws {
        try await ServiceWorld.run { world in
            let admin = world.admin
            let reply = try await admin.post("/api/v1/labs", body)
            #expect(reply.status == status, "\(reply.text)")
            #expect(reply.contentType == "application/problem+json")
            let names = try await admin.get("/api/v1/labs").json as? [String: Any]
            #expect((names?["items"] as? [Any])?.count == 1)
            let folders = try FileManager.default.contentsOfDirectory(atPath: world.labsPath)
            #expect(folders == ["default"])
        }
    }
}
