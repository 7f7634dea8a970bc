import IO
import Testing

@testable import Journal

@Suite struct JournalBoundsTests {
    @Test func `beyond its entries, the oldest goes first`() {
        let journal = Sample.journal(entries: 10)
        for id in 1...25 { journal.post(Sample.exchange(on: UInt64(id)), on: Sample.opening(UInt64(id))) }
        #expect(journal.exchangeNumbers == Array(16...25))
        #expect(journal.statistics.entries == 10)
        #expect(journal.statistics.dropped == 15)
        #expect(journal.latest == 25)
        #expect(journal.lastDropped == 15)
    }

    @Test func `beyond its bytes, the oldest goes first, and what is left is whole`() throws {
        let journal = Sample.journal(bytes: 10_000)
        for id in 1...50 {
            let body = [UInt8](repeating: UInt8(ascii: "a") + UInt8(id % 26), count: 1_000)
            journal.post(Sample.exchange(on: UInt64(id)), on: Sample.opening(UInt64(id)), request: body, answer: [])
        }
        let records = journal.page(matching: JournalFilter(), limit: 100).records
        #expect((5...9).contains(records.count), "\(records.count)")
        #expect(records.map(\.id) == Array(UInt64(51 - records.count)...50))
        #expect(journal.statistics.bytes <= 10_000)
        for record in records {
            let letter = String(UnicodeScalar(UInt8(ascii: "a") + UInt8(record.id % 26)))
            #expect(record.text().contains("\"body\":\"" + String(repeating: letter, count: 1_000) + "\""))
        }
    }

    @Test func `what one loop drives out is gone with all that is older on the others`() {
        let journal = Sample.journal(entries: 1_000, bytes: 20_000, shards: 2)
        for id in 1...4 { journal.post(Sample.exchange(on: UInt64(id)), on: Sample.opening(UInt64(id)), loop: 0) }
        for id in 5...40 {
            let body = [UInt8](repeating: 0x61, count: 1_000)
            journal.post(Sample.exchange(on: UInt64(id)), on: Sample.opening(UInt64(id)), request: body, loop: 1)
        }
        let numbers = journal.exchangeNumbers
        #expect(numbers == Array((journal.lastDropped + 1)...40), "a stretch without a gap")
        #expect(journal.lastDropped > 4)
        #expect(journal.statistics.entries == numbers.count)
    }

    @Test func `a long exchange keeps the beginning of both sides and says that it was cut`() throws {
        let journal = Sample.journal()
        let long = [UInt8](repeating: 0x7A, count: 200_000)
        journal.post(Sample.exchange(), on: Sample.opening(1), request: long, answer: long)
        journal.post(Sample.exchange(), on: Sample.opening(2), request: long)
        let records = journal.page(matching: JournalFilter(), limit: 10).records
        let both = records[0].text()
        #expect(both.components(of: "\"cut\":true") == 2)
        #expect(both.contains("\"request\":{\"bytes\":\(200_000 + Sample.requestHead.utf8.count),"))
        #expect((60_000...68_000).contains(both.utf8.count))
        let one = records[1].text()
        #expect(one.components(of: "\"cut\":true") == 1, "what the answer does not need is the request's")
        #expect(one.contains("\"body\":\"{\\\"d\\\":2}\""))
        #expect((60_000...68_000).contains(one.utf8.count))
        #expect(journal.statistics.bytes <= 128 * 1024)
    }

    @Test func `without room for bytes, entries are kept alone`() throws {
        let journal = Sample.journal(bytes: 0)
        journal.post(Sample.exchange(), on: Sample.opening(1))
        let text = try #require(journal.record(id: 1)).text()
        #expect(text.contains("\"type\":\"PollingRequest\""))
        #expect(text.contains("\"tokens\":[],\"tokensCut\":true"))
        #expect(text.components(of: "\"head\":\"\",\"body\":\"\",\"cut\":true") == 2)
    }

    @Test func `switched off, nothing is recorded`() {
        var limits = JournalLimits()
        limits.entries = 0
        let journal = Journal(lab: "default", limits: limits, shards: 4) { 0 }
        journal.post(Sample.exchange(), on: Sample.opening(1))
        journal.end(Sample.opening(1))
        #expect(!journal.isOn)
        #expect(journal.latest == 0)
        #expect(journal.exchangeNumbers.isEmpty)
        #expect(journal.statistics == JournalStatistics(entries: 0, bytes: 0, dropped: 0))
        #expect(journal.canonical().isEmpty)
        journal.clear()
        #expect(journal.events(after: 0, limit: 10).events.isEmpty)
    }

    @Test func `clearing leaves what comes later, and is no loss`() {
        let journal = Sample.journal(entries: 10, shards: 2)
        for id in 1...15 { journal.post(Sample.exchange(), on: Sample.opening(UInt64(id)), loop: id) }
        journal.clear()
        #expect(journal.exchangeNumbers.isEmpty)
        #expect(journal.statistics == JournalStatistics(entries: 0, bytes: 0, dropped: 5))
        for id in 16...18 { journal.post(Sample.exchange(), on: Sample.opening(UInt64(id)), loop: id) }
        #expect(journal.exchangeNumbers == [16, 17, 18])
        for id in 19...30 { journal.post(Sample.exchange(), on: Sample.opening(UInt64(id)), loop: id) }
        #expect(journal.statistics.dropped == 10)
        #expect(journal.exchangeNumbers == Array(21...30))
    }

    @Test func `a connection goes with the last of its entries`() throws {
        let journal = Sample.journal(entries: 3)
        let opening = Sample.opening(1)
        for _ in 0..<4 { journal.post(Sample.exchange(), on: opening) }
        journal.end(opening)
        let record = try #require(journal.record(id: 1))
        #expect(record.exchanges.map(\.sequence) == [3, 4])
        #expect(record.end != nil && journal.latest == 5)
        for id in 2...4 { journal.end(Sample.opening(UInt64(id))) }
        #expect(journal.record(id: 1) == nil)
    }
}

extension String {
    /// How often another text stands in this one.
    func components(of text: String) -> Int { ranges(of: text).count }
}
