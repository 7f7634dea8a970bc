import Glibc
import Synchronization
import TestKit
import Testing

@testable import IO

@Suite(.timeLimit(.minutes(1))) struct EventLoopTests {
    @Test func `calls run on the loop's thread, in their order`() async throws {
        let loop = try EventLoop(named: "test")
        try loop.start()
        defer { loop.stop() }
        let seen = Monitor<[Int]>([])
        await withCheckedContinuation { done in
            for number in 0..<100 {
                loop.execute { seen.withLock { $0.append(loop.isCurrent ? number : -1) } }
            }
            loop.execute { done.resume() }
        }
        #expect(seen.withLock { $0 } == Array(0..<100))
        #expect(!loop.isCurrent)
    }

    @Test func `a thread that hands over much wakes each loop once, at the end`() async throws {
        let loops = try (1...2).map { try EventLoop(named: "test \($0)") }
        for loop in loops { try loop.start() }
        defer { for loop in loops { loop.stop() } }
        let seen = Monitor<[Int]>([])
        let early = try await Thread.perform(named: "sender") {
            EventLoop.wakingOnce {
                for number in 0..<10 {
                    for loop in loops { loop.execute { seen.withLock { $0.append(number) } } }
                    // Either loop would run the call meanwhile, were it awake.
                    usleep(2_000)
                }
                return seen.withLock { $0 }
            }
        }
        #expect(early.isEmpty)
        for loop in loops { await withCheckedContinuation { done in loop.execute { done.resume() } } }
        #expect(seen.withLock { $0.sorted() } == (0..<20).map { $0 / 2 })
    }

    @Test func `what many threads hand over all runs, and nothing of it at once`() async throws {
        let loop = try EventLoop(named: "test")
        try loop.start()
        defer { loop.stop() }
        let counter = Counter(on: loop)
        let calls = Tally()
        try await withThrowingTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    try await Thread.perform(named: "sender") {
                        for _ in 0..<300 { loop.execute { calls.count.add(1, ordering: .relaxed) } }
                    }
                    for _ in 0..<100 { await counter.increase() }
                }
            }
            try await group.waitForAll()
        }
        // Calls keep their order, so the last one finds all others done.
        await withCheckedContinuation { done in loop.execute { done.resume() } }
        #expect(calls.count.load(ordering: .relaxed) == 2_400)
        #expect(await counter.value == 800)
    }

    @Test func `a task with the loop as its executor stays there through waits and child tasks`() async throws {
        let places = try await onLoop { loop in
            let counter = Counter(on: loop)
            var places = [loop.isCurrent]
            await counter.increase()
            places.append(loop.isCurrent)
            await Task.yield()
            places.append(loop.isCurrent)
            async let child = loop.isCurrent
            places.append(await child)
            await withDiscardingTaskGroup { group in
                group.addTask { if !loop.isCurrent { await counter.fail() } }
            }
            places.append(await !counter.hasFailed)
            return places
        }
        #expect(places == [true, true, true, true, true])
    }

    @Test func `what a turn puts off to its end runs as one batch`() async throws {
        let batches = try await onLoop { loop in
            let batches = LoopLocal(Batches(), on: loop)
            await withDiscardingTaskGroup { group in
                // All ten become ready in this turn, so all ten run in the next.
                for number in 0..<10 {
                    group.addTask {
                        let batches = batches.value
                        batches.waiting.append(number)
                        if batches.waiting.count == 1 { loop.atEndOfTurn { batches.flush() } }
                    }
                }
            }
            // The group may end within the turn whose end is waited for.
            await Task.yield()
            return batches.value.flushed
        }
        #expect(batches.count == 1, "one batch, not \(batches)")
        #expect(batches.flatMap { $0 }.sorted() == Array(0..<10))
    }

    @Test func `what the end of a turn puts off runs before the loop waits`() async throws {
        let steps = try await onLoop { loop in
            let steps = LoopLocal(Batches(), on: loop)
            await withCheckedContinuation { done in
                loop.atEndOfTurn {
                    steps.value.waiting.append(1)
                    loop.atEndOfTurn {
                        steps.value.waiting.append(2)
                        done.resume()
                    }
                }
            }
            return steps.value.waiting
        }
        #expect(steps == [1, 2])
    }

    @Test func `tasks that keep yielding starve neither descriptors nor deadlines`() async throws {
        let wakes = try await onLoop { loop in
            let (channel, peer) = try Peer.connected(on: loop)
            let isOver = LoopLocal(Batches(), on: loop)
            async let busy: Void = {
                while isOver.value.waiting.isEmpty { await Task.yield() }
            }()
            let timed = await channel.sleep(until: loop.now + .milliseconds(2))
            try peer.send([1])
            let ready = await channel.readable(until: .never)
            isOver.value.waiting.append(1)
            await busy
            channel.close()
            return [timed, ready]
        }
        #expect(wakes == [.deadline, .ready])
    }

    @Test func `the bridge from a thread gives back a value or an error`() async throws {
        let loop = try EventLoop(named: "test")
        try loop.start()
        defer { loop.stop() }
        let value = try await Thread.perform(named: "main") { try loop.block { loop.isCurrent ? 42 : 0 } }
        #expect(value == 42)
        await #expect(throws: SystemError(7, in: "test")) {
            try await Thread.perform(named: "main") { try loop.block { throw SystemError(7, in: "test") } }
        }
    }

    @Test func `loops that end leave no descriptor behind`() async {
        await #expect(processExitsWith: .success) {
            func run() async throws {
                try await onLoop { loop in
                    let (channel, peer) = try Peer.connected(on: loop)
                    try peer.send([1])
                    _ = await channel.readable(until: .never)
                    channel.close()
                }
            }
            try await run()
            let before = try OpenDescriptors.count
            for _ in 0..<50 { try await run() }
            // The last loop may still be on its way out; one that leaks would have left at least fifty.
            let grown = try OpenDescriptors.count - before
            #expect(grown < 10, "\(grown) descriptors more after fifty loops")
        }
    }
}

/// Misuse that could corrupt what a loop alone may touch stops the process, and says why.
@Suite(.timeLimit(.minutes(1))) struct LoopMisuseTests {
    @Test func `claiming to be on a loop from elsewhere`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            try EventLoop(named: "other").checkIsolated()
        }
        #expect(message(of: result).contains("not on the loop other"))
    }

    @Test func `opening a loop's value from elsewhere`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let local = LoopLocal(1, on: try EventLoop(named: "other"))
            _ = local.value
        }
        #expect(message(of: result).contains("not on the loop other"))
    }

    @Test func `asking for the end of a turn from elsewhere`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            try EventLoop(named: "other").atEndOfTurn {}
        }
        #expect(message(of: result).contains("the end of a turn belongs to the loop"))
    }

    @Test func `a loop that waits for itself`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            try await onLoop { loop in try loop.block {} }
        }
        #expect(message(of: result).contains("a loop cannot wait for itself"))
    }

    @Test func `two waits on one channel`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            try await onLoop { loop in
                let (channel, peer) = try Peer.connected(on: loop)
                let local = LoopLocal(channel, on: loop)
                await withDiscardingTaskGroup { group in
                    for _ in 0..<2 {
                        group.addTask { _ = await local.value.readable(until: .never) }
                    }
                }
                peer.close()
            }
        }
        #expect(message(of: result).contains("one wait at a time"))
    }
}

/// An actor on a loop.
private actor Counter: LoopActor {
    nonisolated let loop: EventLoop
    private(set) var value = 0
    private(set) var hasFailed = false

    init(on loop: EventLoop) { self.loop = loop }

    func increase() {
        if !loop.isCurrent { hasFailed = true }
        value += 1
    }

    func fail() { hasFailed = true }
}

/// A count that any thread raises.
private final class Tally: Sendable {
    let count = Atomic<Int>(0)
}

/// What tests of the turn's end write down.
private final class Batches {
    var waiting: [Int] = []
    private(set) var flushed: [[Int]] = []

    func flush() {
        flushed.append(waiting)
        waiting = []
    }
}
