import TestKit
import Testing

/// Who may drive the admin plane, asked directly: not a page in a browser.
@Suite("Admin, access", .timeLimit(.minutes(2)))
struct AdminAccessTests {
    private let reset = AdminPlane.lab() + "/reset"

    /// What a page can make a browser send to another site without asking it first.
    @Test(
        arguments: [
            ["Origin: http://evil.example"], ["Origin: null"], ["Host: evil.example"], ["Host: evil.example:8480"],
            ["Sec-Fetch-Site: cross-site"], ["Content-Type: application/x-www-form-urlencoded"],
            ["Content-Type: text/plain"], ["Content-Type: multipart/form-data; boundary=x"],
        ]
    )
    func `a page in a browser changes nothing`(fields: [String]) async throws {
        try await ServiceWorld.run { world in
            let admin = world.admin
            let device = AdminPlane.lab() + "/devices"
            #expect(try await admin.post(device, #"{"serial":"FGT1"}"#).status == 201)
            let calls = [
                ("POST", reset, nil), ("DELETE", device + "/FGT1", nil),
                ("POST", device, #"{"serial":"FGT2"}"#),
            ]
            for (method, path, body) in calls {
                // A form's media type is the body's; without a body it stands by itself.
                let isType = fields[0].hasPrefix("Content-Type: ")
                let type = isType ? String(fields[0].dropFirst("Content-Type: ".count)) : "application/json"
                let reply = try await admin.call(
                    method,
                    path,
                    body,
                    type: type,
                    fields: isType && body != nil ? [] : fields
                )
                #expect([403, 415].contains(reply.status), "\(method) \(path): \(reply.text)")
                #expect(reply.contentType == "application/problem+json")
            }
            #expect(try await admin.get(device + "/FGT1").status == 200)
            #expect(try await admin.get(device + "/FGT2").status == 404)
        }
    }
}
