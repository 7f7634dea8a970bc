import IO
import Journal
import Synchronization
import TestKit
import Testing

@Suite(.timeLimit(.minutes(1))) struct JournalOrderTests {
    @Test func `many loops write, and a reader sees each entry once, in order and without a gap`() async throws {
        let journal = Sample.journal(entries: 100_000, bytes: 64 << 20, shards: 3)
        let isDone = Atomic<Bool>(false)
        let writers = Task {
            _ = try await Blocking.run(threads: 3) { loop in
                for round in 0..<3_000 {
                    let id = UInt64(loop * 10_000 + round + 1)
                    journal.post(Sample.exchange(on: id), on: Sample.opening(id), loop: loop)
                }
            }
            isDone.store(true, ordering: .sequentiallyConsistent)
        }
        let gaps = try await Blocking.run {
            var gaps = 0
            var last: UInt64 = 0
            while last < 9_000 {
                let page = journal.events(after: last, limit: 500)
                for event in page.events {
                    if event.sequence != last + 1 { gaps += 1 }
                    last = event.sequence
                }
                if isDone.load(ordering: .sequentiallyConsistent), page.events.isEmpty { break }
            }
            return (gaps, last)
        }
        try await writers.value
        #expect(gaps == (0, 9_000))
        #expect(journal.exchangeNumbers.elementsEqual(1...9_000))
    }

    @Test func `while entries are driven out, a reader gets whole ones`() async throws {
        let journal = Sample.journal(entries: 200, bytes: 60_000, shards: 2)
        let isDone = Atomic<Bool>(false)
        let writers = Task {
            _ = try await Blocking.run(threads: 2) { loop in
                for round in 0..<4_000 {
                    let id = UInt64(loop * 10_000 + round + 1)
                    let body = Array("<\(id)>".utf8)
                    journal.post(Sample.exchange(on: id), on: Sample.opening(id), request: body, loop: loop)
                }
            }
            isDone.store(true, ordering: .sequentiallyConsistent)
        }
        let wrong = try await Blocking.run {
            var wrong: [String] = []
            repeat {
                for record in journal.page(matching: JournalFilter(), limit: 50).records {
                    let text = record.text()
                    // What was overwritten between the choice and the copy is shown without its bytes, never with
                    // others'.
                    let isWhole = text.contains("\"body\":\"<\(record.id)>\"")
                    if !isWhole, !text.contains("\"body\":\"\",\"cut\":true") { wrong.append(text) }
                }
            } while !isDone.load(ordering: .sequentiallyConsistent)
            return wrong
        }
        try await writers.value
        #expect(wrong.isEmpty, "\(wrong.prefix(1))")
    }
}
