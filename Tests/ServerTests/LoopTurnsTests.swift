import IO
import Testing

@testable import Server

/// The connections of the operator's planes go on a few at a time.
@Suite("Turns of a loop", .timeLimit(.minutes(1))) struct LoopTurnsTests {
    private static let crowd = SocketAddress.Host.v4(0x7F00_0001)
    private static let other = SocketAddress.Host.v4(0x7F00_0002)

    /// What went on, and in which turn of the loop.
    private final class Story {
        let turns: LoopTurns
        let loop: EventLoop
        var told: [(what: String, turn: Int)] = []
        var turn = 0
        var isOver = false

        init(on loop: EventLoop) {
            self.loop = loop
            turns = LoopTurns(of: loop)
        }

        func go(_ what: String, _ weight: LoopTurns.Weight, as host: SocketAddress.Host, id: UInt64) async {
            let isTurn = if turns.begin(weight) { true } else { await turns.wait(weight, for: host, id: id) }
            told.append((isTurn ? what : "not " + what, turn))
        }
    }

    /// Counts the loop's turns: what is handed to it in one is called at the beginning of the next.
    private static func count(_ story: LoopLocal<Story>) {
        story.value.turn += 1
        if !story.value.isOver { story.loop.execute { count(story) } }
    }

    /// Lets `tasks` go at once on a loop, and returns what went on and when.
    private static func story(
        _ tasks: [(what: String, weight: LoopTurns.Weight, host: SocketAddress.Host)],
        givingUp given: UInt64? = nil
    ) async throws -> [(what: String, turn: Int)] {
        let loop = try EventLoop(named: "turns")
        try loop.start()
        defer { loop.stop() }
        let story = LoopLocal(Story(on: loop), on: loop)
        return await Task(executorPreference: loop) {
            await withTaskGroup { group in
                for (index, task) in tasks.enumerated() {
                    group.addTask(executorPreference: loop) {
                        await story.value.go(task.what, task.weight, as: task.host, id: UInt64(index))
                    }
                }
                loop.execute { count(story) }
                if let given {
                    await Task.yield()
                    await Task.yield()
                    story.value.turns.giveUp(id: given, of: tasks[Int(given)].host)
                }
                await group.waitForAll()
                story.value.isOver = true
            }
            return story.value.told
        }
        .value
    }

    // Defect: a thousand connections that asked for something had it carried out within one turn of the loop, and
    // health waited for the end of it.
    @Test func `of what takes long one goes on in a turn, and what is brief goes on beside it`() async throws {
        let long = (0..<20).map { (what: "long \($0)", weight: LoopTurns.Weight.long, host: Self.crowd) }
        let told = try await Self.story(long + [("health", .brief, Self.other)])
        let turns = told.filter { $0.what != "health" }.map(\.turn)
        #expect(turns.count == 20)
        #expect(Set(turns).count == 20, "\(turns)")
        let health = try #require(told.firstIndex { $0.what == "health" })
        #expect(health < 3, "\(told)")
    }

    @Test func `what is brief is bounded in a turn, and another address is not behind the crowd`() async throws {
        let brief = (0..<40).map { (what: "brief \($0)", weight: LoopTurns.Weight.brief, host: Self.crowd) }
        let told = try await Self.story(brief + [("health", .brief, Self.other)])
        for (_, here) in Dictionary(grouping: told, by: \.turn) { #expect(here.count <= 4, "\(here)") }
        let health = try #require(told.firstIndex { $0.what == "health" })
        #expect(health < 12, "\(told)")
    }

    // Who was given another's place waited on, and so kept newcomers out.
    @Test func `who has to go goes at once`() async throws {
        let long = (0..<20).map { (what: "\($0)", weight: LoopTurns.Weight.long, host: Self.crowd) }
        let told = try await Self.story(long, givingUp: 19)
        let given = try #require(told.firstIndex { $0.what == "not 19" })
        #expect(given < 19, "\(told)")
        #expect(told.count == 20)
    }
}
