import Server
import TestKit
import Testing

/// Accepting pauses where there is no room, and resumes.
@Suite("Listener pauses", .timeLimit(.minutes(1))) struct ListenerPauseTests {
    // Defect: where the last who waited took the last place, nobody was left whose coming would have shown that accepting
    // went on again, and the log never said so.
    @Test func `accepting has resumed once nobody waits, also where the last who waited took the last place`()
        async throws
    {
        let capture = LogCapture()
        let world = try await JournalWorld(logger: capture.logger(), bounded: { $0.connections = 2 })
        let port = world.port
        func said(_ message: String) -> Int { capture.lines.count { $0.message == message } }
        let first = try TestClient(port: port)
        let second = try TestClient(port: port)
        let third = try TestClient(port: port)
        try await Deadline(in: .seconds(10)).wait(until: "a pause") { said("accepting paused") == 1 }
        #expect(said("accepting resumed") == 0, "one waits")
        first.close()
        // It has the place that became free, and both places are taken.
        try await Deadline(in: .seconds(10)).wait(until: "accepting again") { said("accepting resumed") == 1 }
        #expect(world.connectionCount == 2)
        // The next who finds no room is another pause.
        let fourth = try TestClient(port: port)
        try await Deadline(in: .seconds(10)).wait(until: "another pause") { said("accepting paused") == 2 }
        for client in [second, third, fourth] { client.close() }
        try await Deadline(in: .seconds(10)).wait(until: "the end of it") { said("accepting resumed") == 2 }
        await world.stop()
    }
}
