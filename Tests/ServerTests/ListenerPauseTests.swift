import Server
import TestKit
import Testing

/// Accepting pauses where there is no room, and resumes.
@Suite("Listener pauses", .timeLimit(.minutes(1))) struct ListenerPauseTests {
    // Defect: where the last who waited took the last place, nobody was left whose coming would have shown that
    // accepting went on again, and the log never said so. Said at once instead, while all places are taken, the next
    // who comes would begin another pause: one of a loop that is slow to see who comes was told twice.
    @Test func `a pause lasts while all places are taken, and is over without anybody's coming`() async throws {
        let capture = LogCapture()
        let world = try await JournalWorld(logger: capture.logger(), bounded: { $0.connections = 2 })
        let port = world.port
        func said(_ message: String) -> Int { capture.lines.count { $0.message == message } }
        let first = try TestClient(port: port)
        let second = try TestClient(port: port)
        let third = try TestClient(port: port)
        try await Deadline(in: .seconds(10)).wait(until: "a pause") { said("accepting paused") == 1 }
        first.close()
        // The third has the place that became free, so nobody waits; the fourth is one more of the same pause.
        try await Deadline(in: .seconds(10)).wait(until: "the first's end") { world.connectionCount == 2 }
        let fourth = try TestClient(port: port)
        for client in [second, third] { client.close() }
        try await Deadline(in: .seconds(10)).wait(until: "room") { world.connectionCount == 1 }
        fourth.close()
        try await Deadline(in: .seconds(10)).wait(until: "the end of it") { said("accepting resumed") == 1 }
        #expect(said("accepting paused") == 1)
        await world.stop()
    }
}
