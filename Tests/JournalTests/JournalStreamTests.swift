import IO
import Journal
import Synchronization
import Testing

@Suite struct JournalStreamTests {
    @Test func `entries come in their order, an exchange with itself and an end without any`() throws {
        let journal = Sample.journal(shards: 2)
        let (first, second) = (Sample.opening(1), Sample.opening(2))
        journal.post(Sample.exchange(on: 1), on: first, loop: 0)
        journal.post(Sample.exchange(on: 2), on: second, loop: 1)
        journal.post(Sample.exchange("ProvisionRequest", on: 1), on: first, loop: 0)
        journal.end(first, loop: 0)
        let page = journal.events(after: 0, limit: 10)
        #expect(page.events.map(\.sequence) == [1, 2, 3, 4])
        #expect(page.events.map(\.kind) == [.exchange, .exchange, .exchange, .connection])
        #expect(page.events.map(\.record.id) == [1, 2, 1, 1])
        #expect(page.events.map { $0.record.exchanges.map(\.sequence) } == [[1], [2], [3], []])
        #expect(page.events.map { $0.record.end?.outcome } == [nil, nil, nil, .closed])
        #expect(page.last == 4)
        #expect(!page.isMissing)
    }

    @Test func `who comes back with the last number gets the rest, and nothing twice`() {
        let journal = Sample.journal()
        for id in 1...7 { journal.end(Sample.opening(UInt64(id))) }
        let first = journal.events(after: 0, limit: 3)
        #expect(first.events.map(\.sequence) == [1, 2, 3])
        let second = journal.events(after: first.last, limit: 100)
        #expect(second.events.map(\.sequence) == [4, 5, 6, 7])
        #expect(!second.isMissing)
        let third = journal.events(after: second.last, limit: 100)
        #expect(third.events.isEmpty)
        #expect(third.last == 7)
        #expect(!third.isMissing)
    }

    @Test func `who was away for too long is told, and goes on with what is left`() {
        let journal = Sample.journal(entries: 5)
        for id in 1...20 { journal.end(Sample.opening(UInt64(id))) }
        let page = journal.events(after: 8, limit: 100)
        #expect(page.isMissing)
        #expect(page.events.map(\.sequence) == [16, 17, 18, 19, 20])
        #expect(!journal.events(after: 15, limit: 100).isMissing)
    }

    @Test func `a number from an earlier life of the server is told, and everything comes`() {
        let journal = Sample.journal()
        for id in 1...3 { journal.end(Sample.opening(UInt64(id))) }
        let page = journal.events(after: 900, limit: 100)
        #expect(page.isMissing)
        #expect(page.events.map(\.sequence) == [1, 2, 3])
        #expect(page.last == 3)
    }

    @Test func `a clear is told as entries that are missing, and the numbers go on`() {
        let journal = Sample.journal()
        for id in 1...3 { journal.end(Sample.opening(UInt64(id))) }
        journal.clear()
        journal.end(Sample.opening(4))
        #expect(journal.events(after: 1, limit: 100).isMissing)
        let page = journal.events(after: 3, limit: 100)
        #expect(!page.isMissing)
        #expect(page.events.map(\.sequence) == [4])
    }

    @Test func `a filter passes over the rest and remembers how far it came`() throws {
        let journal = Sample.journal()
        let opening = Sample.opening(1)
        for _ in 0..<5 { journal.post(Sample.exchange(), on: opening) }
        journal.post(Sample.exchange("ProvisionRequest"), on: opening)
        journal.end(opening)
        let page = try journal.events(after: 0, matching: .query("type=ProvisionRequest"), limit: 10)
        #expect(page.events.map(\.sequence) == [6])
        #expect(page.last == 7)
        #expect(
            try journal.events(after: 0, matching: .query("outcome=closed"), limit: 10).events.map(\.sequence) == [7]
        )
    }
}

@Suite(.timeLimit(.minutes(1))) struct JournalWatchTests {
}
