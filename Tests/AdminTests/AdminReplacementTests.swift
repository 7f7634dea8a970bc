import Foundation
import TestKit
import Testing

/// What of a unit moves to another and what stays, over the admin plane.
@Suite("Admin, replacement", .timeLimit(.minutes(1)))
struct AdminReplacementTests {
    private let lab = AdminPlane.lab()
    private let old = "FGT60FTK20000001"
    private let new = "FGT60FTK20000002"

    // A field report: a replacement took the trial along. FC-193793: it is tied to its unit; FC-205363: a license may
    // be sold as one that no transfer moves.
    @Test func `a replacement says what moved and what stayed, and outlives snapshot, export and import`() async throws
    {
        try await ServiceWorld.run { world in
            let admin = world.admin
            let issue =
                #"{"size":1,"number":"EFTM000000000777","code":"0777-0000-0000-0000-0001","transferable":false}"#
            let issued = try await admin.post(lab + "/licenses", issue)
            #expect(issued.status == 201 && issued["transferable"] as? Bool == false, "\(issued.text)")
            _ = try await world.post(WireMessage.activation("0777-0000-0000-0000-0001", by: old))
            let trial = try await world.post(WireMessage.activation("0000-0000-0000-0000-0000", by: old)).body
            let number = try #require(WireMessage.values(of: "license", in: trial).first)
            let tokens = WireMessage.values(of: "token", in: trial)

            let refused = try await admin.post(lab + "/licenses/EFTM000000000777/transfer", "{\"to\":\"\(new)\"}")
            #expect(refused.status == 409, "\(refused.text)")
            #expect(refused.string("detail")?.contains("not transferable") == true, "\(refused.text)")

            let replaced = try await admin.post(lab + "/devices/\(old)/replace", "{\"with\":\"\(new)\"}")
            #expect(replaced.strings("moved") == ["EFTM000000000777"], "\(replaced.text)")
            #expect(replaced.string("stayed.0.license") == number, "\(replaced.text)")
            #expect(replaced.string("stayed.0.reason")?.contains(old) == true, "\(replaced.text)")
            let provisioned = try await world.post(WireMessage.provision(tokens, by: new)).body
            #expect(provisioned.contains(WireMessage.error(17, "no valid token found")), "\(provisioned)")

            // The same again from a snapshot, and from the document.
            let document = try await admin.get(lab + "/registry").text
            #expect(try await admin.post(lab + "/snapshots", #"{"name":"after"}"#).status == 201)
            #expect(try await admin.post(lab + "/reset").status == 200)
            #expect(try await admin.post(lab + "/snapshots/after/restore").status == 200)
            #expect(try await admin.get(lab + "/registry").text == document)
            #expect(try await admin.call("PUT", lab + "/registry", document).status == 200)
            #expect(try await admin.get(lab + "/registry").text == document)

            let changed = try await admin.call("PATCH", lab + "/licenses/EFTM000000000777", #"{"transferable":true}"#)
            #expect(changed.status == 200 && changed["transferable"] == nil, "\(changed.text)")
            let moved = try await admin.post(lab + "/licenses/EFTM000000000777/transfer", "{\"to\":\"\(old)\"}")
            #expect(moved.status == 200 && moved.string("owner") == old, "\(moved.text)")
        }
    }
}
