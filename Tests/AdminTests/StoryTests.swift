import TestKit
import Testing

/// The whole story, told by the licenses of a registry of a test's own.
@Suite("Story", .timeLimit(.minutes(1)))
struct StoryTests {
    @Test func `a code used once works past its date, and one never used does not`() async throws {
        let registry = """
            devices:
              - { serial: FGT60FTK20000001, registered: true }
            licenses:
              - number: EFTM000000000101
                code: 0101-0101-0101-0101-0101
                size: 2
                validUntil: 2020-01-31
                owner: FGT60FTK20000001
                cluster: [FGT60FTK20000001]
                activatedAt: 2020-01-31T23:59:59Z
              - { number: EFTM000000000102, code: 0202-0202-0202-0202-0202, size: 2, validUntil: 2020-01-31 }
            """
        try await ServiceWorld.run(registry: registry) { world in
            let serial = "FGT60FTK20000001"
            let first = try await world.post(WireMessage.activation("0101-0101-0101-0101-0101", by: serial))
            #expect(first.body.contains("\"license\":\"EFTM000000000101\""))
            #expect(WireMessage.values(of: "token", in: first.body).count == 2)
            let second = try await world.post(WireMessage.activation("0101-0101-0101-0101-0101", by: serial))
            #expect(second.body == first.body)
            let unused = try await world.post(WireMessage.activation("0202-0202-0202-0202-0202", by: serial))
            #expect(unused.body.contains(WireMessage.error(14, "forticare license expired")))
        }
    }
}
