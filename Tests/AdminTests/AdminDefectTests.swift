import TestKit
import Testing

/// Defects of the admin plane that a review found, each held by a test that names it.
@Suite("Admin, defects", .timeLimit(.minutes(2)))
struct AdminDefectTests {
    private let lab = AdminPlane.lab()

    // Defect: HEAD said that a streamed body has no bytes.
    @Test func `HEAD of an export says what GET does`() async throws {
        try await ServiceWorld.run { world in
            let head = try await world.ask("HEAD", lab + "/registry")
            #expect(head.status == 200 && head.body.isEmpty)
            #expect(head.value(of: "transfer-encoding") == "chunked", "\(head.fields)")
            #expect(head.value(of: "content-length") == nil)
            let whole = try await world.ask("GET", lab + "/registry")
            #expect(whole.status == 200 && whole.fields == head.fields && !whole.body.isEmpty)
        }
    }
}
