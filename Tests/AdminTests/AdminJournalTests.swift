import TestKit
import Testing

/// What is asked of the journal.
@Suite("Admin, the journal", .timeLimit(.minutes(2)))
struct AdminJournalTests {
    private let journal = AdminPlane.lab() + "/journal"

    @Test(arguments: [
        "colour=red", "since=yesterday", "client=nowhere", "code=many", "limit=0", "limit=1001", "cursor=x",
    ])
    func `a filter that makes no sense is refused and named`(query: String) async throws {
        try await ServiceWorld.run { world in
            let reply = try await world.admin.get(journal + "?" + query)
            #expect(reply.status == 422)
            #expect(reply.string("path") == String(query.prefix { $0 != "=" }), "\(reply.text)")
        }
    }
}
