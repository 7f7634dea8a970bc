import TestKit
import Testing

/// What a restart leaves of a lab's clock.
@Suite("Admin, the lab's clock", .timeLimit(.minutes(2)))
struct AdminClockTests {
    @Test func `the clock is kept with the lab, and a reset sets it running`() async throws {
        let folder = try TemporaryFolder()
        let data = folder.path(of: "data")
        let clock = AdminPlane.lab() + "/clock"
        try await ServerProcess.serve(data: data) { server in
            let set = try await AdminPlane(server)
                .call(
                    "PUT",
                    clock,
                    #"{"mode":"frozen","now":"2030-01-01T00:00:00Z"}"#
                )
            #expect(set.status == 200)
        }
        try await ServerProcess.serve(data: data) { server in
            let admin = AdminPlane(server)
            let kept = try await admin.get(clock)
            #expect(kept.string("mode") == "frozen" && kept.string("now") == "2030-01-01T00:00:00Z")
            _ = try await admin.post(AdminPlane.lab() + "/reset")
            #expect(try await admin.get(clock).string("mode") == "running")
        }
    }
}
