import TestKit
import Testing

/// Documents that outsiders send.
@Suite("Reading documents", .timeLimit(.minutes(2))) struct DocumentReadingTests {
    @Test func `everything that is wrong with a document is in the answer`() async throws {
        try await ServiceWorld.run { world in
            let text = "devices:\n- { serial: fg }\n- { serial: FG-A, registered: yes }\n"
            let path = AdminPlane.lab() + "/registry/validate"
            let answer = try await world.admin.call("POST", path, text, type: "application/yaml")
            let errors = answer["errors"] as? [[String: Any]]
            #expect(errors?.map { $0["path"] as? String } == ["devices[0].serial", "devices[1].registered"])
            #expect(errors?.map { $0["line"] as? Int } == [2, 3])
            #expect(answer.string("detail")?.hasSuffix("(and 1 more)") == true)
        }
    }
}
