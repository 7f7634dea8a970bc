import TestKit
import Testing

@testable import IO

@Suite struct TimerQueueTests {
    @Test func `entries come out in the order of their moments, whatever was swept out before`() {
        var random = SeededRandom(seed: 11)
        var queue = TimerQueue()
        var expected: [UInt64] = []
        for owner in 0..<2000 {
            let moment = random.next() % 1000
            queue.insert(TimerQueue.Entry(instant: Instant(nanoseconds: moment), owner: UInt64(owner)))
            if owner % 3 != 0 { expected.append(moment) }
        }
        queue.keep { $0.owner % 3 != 0 }
        #expect(queue.count == expected.count)
        var seen: [UInt64] = []
        while let entry = queue.popDue(at: .never) { seen.append(entry.instant.nanoseconds) }
        #expect(seen == expected.sorted())
        #expect(queue.next == nil)
    }
}
